import { createServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ServerCredentials, type Server } from '@grpc/grpc-js';
import type { Closeable } from '@gantry/base';
import type { KeyPair } from '../auth/pki/authority';

export interface TlsListenerOptions {
  address: string;
  /** 0 lets the system choose. */
  port: number;
  serving: KeyPair;
  /** CA of client certificates, PEM. */
  clientAuthority: string;
}

/**
 * Accepts TLS connections for a gRPC server, asking for a client certificate without demanding one: joining nodes have
 * none yet, which grpc-js' own listener can't express. A certificate that does not verify counts as none.
 */
export class TlsListener implements Closeable {
  private constructor(
    private readonly server: TlsServer,
    private readonly sockets: Set<TLSSocket>,
  ) {}

  static async listen(grpc: Server, options: TlsListenerOptions): Promise<TlsListener> {
    const { certificate: cert, key } = options.serving;
    const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
    const sockets = new Set<TLSSocket>();
    const server = createServer(
      {
        cert,
        key,
        ca: options.clientAuthority,
        requestCert: true,
        rejectUnauthorized: false,
        ALPNProtocols: ['h2'],
        minVersion: 'TLSv1.2',
      },
      (socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        socket.setNoDelay(true);
        injector.injectConnection(socket);
      },
    );
    server.listen(options.port, options.address);
    await once(server, 'listening');
    return new TlsListener(server, sockets);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
      for (const socket of this.sockets) socket.destroy();
    });
  }
}
