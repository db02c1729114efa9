import { internalError, StatusError, success } from '@gantry/api';

/** How a stream ended, as the metav1 Status (JSON) that users' clients read. */
export const succeeded = encode(success());

export function failed(error: unknown): Buffer {
  return encode((error instanceof StatusError ? error : internalError(error)).toStatus());
}

/** kubectl takes the exit code from the cause named ExitCode. */
export function exited(code: number): Buffer {
  if (code === 0) return succeeded;
  return encode({
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  });
}

function encode(status: object): Buffer {
  return Buffer.from(JSON.stringify(status));
}
