import { Int, IntOrString, ListOf, Obj, Schema, Str } from '../../fields';

@Schema({ doc: 'Runs a command inside the container; exit status 0 is success.' })
export class ExecAction {
  @ListOf('string', { doc: 'The command and its arguments, without a shell.', optional: true, listType: 'atomic' })
  command?: string[];
}

@Schema({ doc: 'A header of a request.' })
export class HTTPHeader {
  @Str({ doc: 'Name of the header.' })
  name!: string;

  @Str({ doc: 'Its value.', default: '' })
  value!: string;
}

@Schema({ doc: 'Sends an HTTP GET; a status from 200 to 399 is success.' })
export class HTTPGetAction {
  @Str({ doc: 'Path of the request.', default: '/' })
  path!: string;

  @IntOrString({ doc: "Number or name of the container's port." })
  port!: number | string;

  @Str({ doc: "Host to connect to; the pod's address unless given.", optional: true })
  host?: string;

  @Str({ doc: 'HTTP or HTTPS (certificates are not verified).', enum: ['HTTP', 'HTTPS'], default: 'HTTP' })
  scheme!: 'HTTP' | 'HTTPS';

  @ListOf(() => HTTPHeader, { doc: 'Headers to send.', optional: true, listType: 'atomic' })
  httpHeaders?: HTTPHeader[];
}

@Schema({ doc: 'Opens a TCP connection; being accepted is success.' })
export class TCPSocketAction {
  @IntOrString({ doc: "Number or name of the container's port." })
  port!: number | string;

  @Str({ doc: "Host to connect to; the pod's address unless given.", optional: true })
  host?: string;
}

@Schema({ doc: 'Calls the gRPC health service; SERVING is success.' })
export class GRPCAction {
  @Int({ doc: 'Port of the gRPC server.' })
  port!: number;

  @Str({ doc: 'Service name put in the request.', default: '' })
  service!: string;
}

@Schema({ doc: 'Waits.' })
export class SleepAction {
  @Int({ doc: 'How long, in seconds.', bits: 64 })
  seconds!: number;
}

@Schema({ doc: 'A check that is repeated while the container runs; exactly one action is set.' })
export class Probe {
  @Obj(() => ExecAction, { doc: 'Run a command.', optional: true })
  exec?: ExecAction;

  @Obj(() => HTTPGetAction, { doc: 'Send an HTTP request.', optional: true })
  httpGet?: HTTPGetAction;

  @Obj(() => TCPSocketAction, { doc: 'Open a TCP connection.', optional: true })
  tcpSocket?: TCPSocketAction;

  @Obj(() => GRPCAction, { doc: 'Ask the gRPC health service.', optional: true })
  grpc?: GRPCAction;

  @Int({ doc: "Seconds from the container's start to the first check.", optional: true, min: 0 })
  initialDelaySeconds?: number;

  @Int({ doc: 'Seconds after which a check counts as failed.', default: 1, min: 0 })
  timeoutSeconds!: number;

  @Int({ doc: 'Seconds between checks.', default: 10, min: 0 })
  periodSeconds!: number;

  @Int({ doc: 'Successes in a row that make it healthy again.', default: 1, min: 0 })
  successThreshold!: number;

  @Int({ doc: 'Failures in a row that make it unhealthy.', default: 3, min: 0 })
  failureThreshold!: number;

  @Int({ doc: "Grace for a container killed by this probe, in place of the pod's.", optional: true, bits: 64, min: 1 })
  terminationGracePeriodSeconds?: number;
}

@Schema({ doc: 'What a lifecycle hook does; exactly one action is set.' })
export class LifecycleHandler {
  @Obj(() => ExecAction, { doc: 'Run a command in the container.', optional: true })
  exec?: ExecAction;

  @Obj(() => HTTPGetAction, { doc: 'Send an HTTP request.', optional: true })
  httpGet?: HTTPGetAction;

  @Obj(() => SleepAction, { doc: 'Wait.', optional: true })
  sleep?: SleepAction;

  @Obj(() => TCPSocketAction, { doc: 'Kept for old objects; not carried out.', optional: true })
  tcpSocket?: TCPSocketAction;
}

@Schema({ doc: "Hooks around a container's life." })
export class Lifecycle {
  @Obj(() => LifecycleHandler, { doc: 'Right after the start; a failure kills the container.', optional: true })
  postStart?: LifecycleHandler;

  @Obj(() => LifecycleHandler, { doc: 'Before it is stopped, within the grace period.', optional: true })
  preStop?: LifecycleHandler;

  @Str({ doc: "Signal that asks the container to stop; the image's unless given.", optional: true })
  stopSignal?: string;
}
