/**
 * Field decorators: the one place where a field's type, limits, default, documentation and merge keys are said.
 *
 * ```ts
 * export class ContainerPort {
 *   @Int({ doc: 'Port on the pod.', min: 1, max: 65535 }) containerPort!: number;
 *   @Str({ doc: 'Transport.', enum: ['TCP', 'UDP', 'SCTP'], default: 'TCP' }) protocol!: 'TCP' | 'UDP' | 'SCTP';
 *   @Str({ doc: 'Name for services to refer to.', optional: true, format: 'portName' }) name?: string;
 * }
 *
 * export class Container {
 *   @Str({ doc: 'Unique within the pod.', format: 'dnsLabel' }) name!: string;
 *   @ListOf('string', { doc: 'Replaces the image\'s entrypoint.', optional: true }) command?: string[];
 *   @ListOf(() => ContainerPort, {
 *     doc: 'Ports the container listens on.', optional: true,
 *     listMapKeys: ['containerPort', 'protocol'], patchMergeKey: 'containerPort', patchStrategy: 'merge',
 *   })
 *   ports?: ContainerPort[];
 *   @MapOf('quantity', { doc: 'The most it may use.', optional: true }) limits?: Record<string, string>;
 * }
 * ```
 *
 * A required string may not be empty, as in Kubernetes, where absent and empty are the same; a string that may be empty
 * has `default: ''`. Likewise a counter or flag that clients may leave out has `default: 0` or `default: false`.
 */
export * from './decorators';
export * from './facts';
export { checkFormat } from './formats';
export type { FormatName } from './formats';
