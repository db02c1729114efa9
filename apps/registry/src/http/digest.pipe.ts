import { Injectable, type PipeTransform } from '@nestjs/common';
import { InvalidDigest, parseDigest, type Digest } from '@gantry/oci';
import { RegistryFault } from '../errors';

/** Lets only digests of known algorithms pass. */
@Injectable()
export class DigestName implements PipeTransform<string | undefined, Digest> {
  transform(text: string | undefined): Digest {
    try {
      return parseDigest(text ?? '');
    } catch (error) {
      if (error instanceof InvalidDigest) throw new RegistryFault('DIGEST_INVALID', error.message);
      throw error;
    }
  }
}
