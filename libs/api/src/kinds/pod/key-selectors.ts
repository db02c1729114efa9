import { Amount, Bool, Int, Obj, Schema, Str } from '../../fields';

@Schema({ doc: 'A field of the pod itself (downward API).' })
export class ObjectFieldSelector {
  @Str({ doc: 'Version in which the path is read.', default: 'v1' })
  apiVersion!: string;

  @Str({ doc: 'The field, such as `metadata.name` or `status.podIP`.' })
  fieldPath!: string;
}

@Schema({ doc: 'A resource request or limit of a container (downward API).' })
export class ResourceFieldSelector {
  @Str({ doc: 'The container; needed in volumes, in env the container itself.', optional: true })
  containerName?: string;

  @Str({ doc: 'The resource, such as `limits.cpu`.' })
  resource!: string;

  @Amount({ doc: 'Unit in which the amount is shown; 1 unless given.', default: '0' })
  divisor!: string;
}

@Schema({ doc: 'One key of a ConfigMap.' })
export class ConfigMapKeySelector {
  @Str({ doc: 'Name of the ConfigMap.', optional: true })
  name?: string;

  @Str({ doc: 'The key.' })
  key!: string;

  @Bool({ doc: 'Whether the ConfigMap or key may be missing.', optional: true })
  optional?: boolean;
}

@Schema({ doc: 'One key of a Secret.' })
export class SecretKeySelector {
  @Str({ doc: 'Name of the Secret.', optional: true })
  name?: string;

  @Str({ doc: 'The key.' })
  key!: string;

  @Bool({ doc: 'Whether the Secret or key may be missing.', optional: true })
  optional?: boolean;
}

@Schema({ doc: 'A variable of an env file on a volume.' })
export class FileKeySelector {
  @Str({ doc: 'The volume that holds the file.' })
  volumeName!: string;

  @Str({ doc: 'Path of the file inside the volume.' })
  path!: string;

  @Str({ doc: 'Name of the variable in the file.' })
  key!: string;

  @Bool({ doc: 'Whether the file or variable may be missing.', default: false })
  optional!: boolean;
}

@Schema({ doc: 'Where one key of a ConfigMap or Secret appears in a volume.' })
export class KeyToPath {
  @Str({ doc: 'The key.' })
  key!: string;

  @Str({ doc: 'Relative path of its file.' })
  path!: string;

  @Int({ doc: 'Permission bits of the file.', optional: true, min: 0, max: 0o777 })
  mode?: number;
}

@Schema({ doc: 'A file with a fact about the pod.' })
export class DownwardAPIVolumeFile {
  @Str({ doc: 'Relative path of the file.' })
  path!: string;

  @Obj(() => ObjectFieldSelector, { doc: 'A field of the pod.', optional: true })
  fieldRef?: ObjectFieldSelector;

  @Obj(() => ResourceFieldSelector, { doc: 'A resource request or limit of a container.', optional: true })
  resourceFieldRef?: ResourceFieldSelector;

  @Int({ doc: 'Permission bits of the file.', optional: true })
  mode?: number;
}
