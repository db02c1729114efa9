import 'reflect-metadata';
import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { Clock } from '@gantry/base';

/** A certificate with its private key (PKCS#8), both PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

export interface CertificateUse {
  usage: 'client' | 'server';
  /** From now, in milliseconds. */
  lifetime: number;
  /** CN: the user's name. */
  commonName: string;
  /** O, each one: the user's groups. */
  organizations?: string[];
  /** DNS names and IP addresses that a server answers to. */
  hosts?: string[];
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const SIGN_AND_VERIFY: webcrypto.KeyUsage[] = ['sign', 'verify'];
// Clocks of nodes may lag behind ours.
const BACKDATE_MS = 5 * 60_000;

/** The cluster's own certificate authority: a client certificate it signed is a user, a server certificate is us. */
export class CertificateAuthority {
  private constructor(
    /** The CA's own certificate, PEM: what clients trust. */
    readonly certificate: string,
    private readonly root: x509.X509Certificate,
    private readonly key: webcrypto.CryptoKey,
    private readonly clock: Clock,
  ) {}

  static async load(pair: KeyPair, clock: Clock): Promise<CertificateAuthority> {
    const der = x509.PemConverter.decodeFirst(pair.key);
    const key = await crypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
    return new CertificateAuthority(pair.certificate, new x509.X509Certificate(pair.certificate), key, clock);
  }

  /** A new CA: its self-signed certificate and key. `lifetime` in milliseconds. */
  static async generate(commonName: string, lifetime: number, clock: Clock): Promise<KeyPair> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, SIGN_AND_VERIFY);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: [{ CN: [commonName] }],
      ...validity(clock, lifetime),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return { certificate: certificate.toString('pem') + '\n', key: await pkcs8(keys.privateKey) };
  }

  /** A new key pair with a certificate signed by this CA. */
  async issue(use: CertificateUse): Promise<KeyPair> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, SIGN_AND_VERIFY);
    return { certificate: await this.sign(keys.publicKey, use), key: await pkcs8(keys.privateKey) };
  }

  /**
   * Signs the public key of a PKCS#10 request. The subject is the caller's decision (`use`), never the request's own.
   * Throws when the request is malformed or not signed by its key.
   */
  async signRequest(requestPem: string, use: CertificateUse): Promise<string> {
    const request = new x509.Pkcs10CertificateRequest(requestPem);
    if (!(await request.verify())) throw new Error('the certificate request is not signed by its own key');
    return this.sign(request.publicKey, use);
  }

  private async sign(publicKey: webcrypto.CryptoKey | x509.PublicKey, use: CertificateUse): Promise<string> {
    const names = (use.hosts ?? []).map((host) => ({
      type: isIP(host) ? ('ip' as const) : ('dns' as const),
      value: host,
    }));
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: [{ CN: [use.commonName] }, ...(use.organizations ?? []).map((organization) => ({ O: [organization] }))],
      issuer: this.root.subjectName.toJSON(),
      ...validity(this.clock, use.lifetime),
      signingAlgorithm: ALGORITHM,
      publicKey,
      signingKey: this.key,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          use.usage === 'client' ? x509.ExtendedKeyUsage.clientAuth : x509.ExtendedKeyUsage.serverAuth,
        ]),
        await x509.AuthorityKeyIdentifierExtension.create(this.root),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return certificate.toString('pem') + '\n';
  }
}

function validity(clock: Clock, lifetime: number): { notBefore: Date; notAfter: Date } {
  const now = clock.now();
  return { notBefore: new Date(now - BACKDATE_MS), notAfter: new Date(now + lifetime) };
}

/** 126 random bits: positive and unique without a counter to keep (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function pkcs8(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY') + '\n';
}
