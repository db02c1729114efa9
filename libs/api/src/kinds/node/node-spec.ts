import { Bool, ListOf, Obj, Schema, Str, Timestamp } from '../../fields';

@Schema({ doc: 'Keeps pods off a node that do not tolerate it.' })
export class Taint {
  @Str({ doc: 'Key of the taint.', format: 'qualifiedName' })
  key!: string;

  @Str({ doc: 'Its value.', optional: true, format: 'labelValue' })
  value?: string;

  @Str({ doc: 'What it does to pods.', enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] })
  effect!: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

  @Timestamp({ doc: 'When it was added; NoExecute waits are counted from it.', optional: true })
  timeAdded?: string;
}

@Schema({ doc: 'A ConfigMap with settings of a node (no longer used).' })
export class ConfigMapNodeConfigSource {
  @Str({ doc: 'Name of the ConfigMap.' })
  name!: string;

  @Str({ doc: 'Its namespace.' })
  namespace!: string;

  @Str({ doc: 'Its UID.', optional: true })
  uid?: string;

  @Str({ doc: 'Its version.', optional: true })
  resourceVersion?: string;

  @Str({ doc: 'The key with the settings.' })
  kubeletConfigKey!: string;
}

@Schema({ doc: "Where a node's settings come from (no longer used)." })
export class NodeConfigSource {
  @Obj(() => ConfigMapNodeConfigSource, { doc: 'A ConfigMap.', optional: true })
  configMap?: ConfigMapNodeConfigSource;
}

@Schema({ doc: 'How a node may be used.' })
export class NodeSpec {
  @Str({ doc: "Range of its pods' addresses.", optional: true, format: 'cidr' })
  podCIDR?: string;

  @ListOf('string', {
    doc: 'The same, at most one per family.',
    optional: true,
    listType: 'set',
    patchStrategy: 'merge',
  })
  podCIDRs?: string[];

  @Str({ doc: 'The machine in the terms of its provider.', optional: true })
  providerID?: string;

  @Bool({ doc: 'Takes no new pods.', optional: true })
  unschedulable?: boolean;

  @ListOf(() => Taint, { doc: 'What keeps pods off it.', optional: true, listType: 'atomic' })
  taints?: Taint[];

  @Obj(() => NodeConfigSource, { doc: 'Where its settings come from (no longer used).', optional: true })
  configSource?: NodeConfigSource;

  @Str({ doc: 'Old name of the machine.', optional: true })
  externalID?: string;
}
