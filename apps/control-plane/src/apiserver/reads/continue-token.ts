import { type Status, StatusError, badRequest } from '@gantry/api';

/** Where the next page of a list begins: after this key, as of this revision. */
export interface ContinueToken {
  /** -1 = as of whenever it is read: the revision of the first page is no longer kept. */
  revision: number;
  after: string;
}

/** Opaque to clients; they may not make their own, so anything that is not ours is refused. */
export function printContinueToken({ revision, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ rv: revision, start: after })).toString('base64url');
}

export function readContinueToken(text: string): ContinueToken {
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString()) as { rv: unknown; start: unknown };
    if (!Number.isSafeInteger(rv) || typeof start !== 'string') throw new Error('it has other parts');
    return { revision: rv as number, after: start };
  } catch (error) {
    throw badRequest(`continue key is not valid: ${(error as Error).message}`, error);
  }
}

/** 410, with a token for those who would rather go on inconsistently than begin again. */
export class ContinueExpired extends StatusError {
  constructor(
    private readonly token: ContinueToken,
    cause: unknown,
  ) {
    super(
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
        'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
        'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
        'deleted between the time the first chunk was returned and now may show up in the list.',
      undefined,
      { cause },
    );
  }

  override toStatus(): Status {
    return { ...super.toStatus(), metadata: { continue: printContinueToken({ ...this.token, revision: -1 }) } };
  }
}
