import type { Clock } from '@gantry/base';
import { errorMessage } from '@gantry/base';
import type { Container, Probe } from '@gantry/api';
import type { Containers } from '@gantry/runtime';
import { execInContainer } from '../exec-in-container';
import { checkGrpc } from './grpc-health';
import { checkHttp, checkTcp, portNumber, type CheckResult } from './handler';

export interface CheckTarget {
  container: Container;
  containerId: string;
  podIp: string;
}

/** Carries out one check of a probe. Never throws: what goes wrong is a failure with its reason. */
export type ProbeCheck = (probe: Probe, target: CheckTarget) => Promise<CheckResult>;

export function probeChecks(containers: Containers, clock: Clock): ProbeCheck {
  return async (probe, target) => {
    const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
    try {
      if (probe.exec)
        return await checkExec(containers, clock, probe.exec.command ?? [], target.containerId, timeoutMs);
      if (probe.httpGet) return await checkHttp(target.container, probe.httpGet, target.podIp, timeoutMs);
      if (probe.tcpSocket) {
        const port = portNumber(target.container, probe.tcpSocket.port);
        return await checkTcp(probe.tcpSocket.host ?? target.podIp, port, timeoutMs);
      }
      if (probe.grpc) return await checkGrpc(target.podIp, probe.grpc.port, probe.grpc.service, timeoutMs, clock.now());
      return { success: true, output: '' };
    } catch (error) {
      return { success: false, output: errorMessage(error) };
    }
  };
}

async function checkExec(
  containers: Containers,
  clock: Clock,
  command: string[],
  id: string,
  timeoutMs: number,
): Promise<CheckResult> {
  const { exitCode, output } = await execInContainer(containers, clock, id, command, timeoutMs);
  if (exitCode === 0) return { success: true, output };
  if (exitCode !== undefined) return { success: false, output: output || `command exited with code ${exitCode}` };
  return {
    success: false,
    output: `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${timeoutMs / 1000}s`,
  };
}
