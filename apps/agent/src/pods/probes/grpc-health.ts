import type { CheckResult } from './handler';

const SERVING = 1;

/** Asks the standard gRPC health service (grpc.health.v1.Health/Check) whether it is serving. */
export async function checkGrpc(
  host: string,
  port: number,
  service: string,
  timeoutMs: number,
  now: number,
): Promise<CheckResult> {
  // Loaded when first needed: most pods have no such probe.
  const grpc = await import('@grpc/grpc-js');
  const client = new grpc.Client(`${host}:${port}`, grpc.credentials.createInsecure());
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest<string, number>(
        '/grpc.health.v1.Health/Check',
        encodeRequest,
        decodeStatus,
        service,
        { deadline: now + timeoutMs },
        (error, status) => {
          if (error) resolve({ success: false, output: `service unhealthy: ${error.message}` });
          else if (status === SERVING) resolve({ success: true, output: '' });
          else resolve({ success: false, output: `service unhealthy (responded with status ${status})` });
        },
      );
    });
  } finally {
    client.close();
  }
}

/** HealthCheckRequest: field 1 is the service's name. */
function encodeRequest(service: string): Buffer {
  const name = Buffer.from(service);
  return name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

/** HealthCheckResponse: field 1 is an enum, absent when zero. */
function decodeStatus(bytes: Buffer): number {
  return bytes[0] === 0x08 ? bytes[1]! : 0;
}
