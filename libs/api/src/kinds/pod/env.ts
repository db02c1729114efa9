import { Bool, Obj, Schema, Str } from '../../fields';
import {
  ConfigMapKeySelector,
  FileKeySelector,
  ObjectFieldSelector,
  ResourceFieldSelector,
  SecretKeySelector,
} from './key-selectors';

@Schema({ doc: 'Where the value of an environment variable comes from; exactly one is set.' })
export class EnvVarSource {
  @Obj(() => ObjectFieldSelector, { doc: 'A field of the pod.', optional: true })
  fieldRef?: ObjectFieldSelector;

  @Obj(() => ResourceFieldSelector, { doc: 'A resource request or limit of a container.', optional: true })
  resourceFieldRef?: ResourceFieldSelector;

  @Obj(() => ConfigMapKeySelector, { doc: 'A key of a ConfigMap.', optional: true })
  configMapKeyRef?: ConfigMapKeySelector;

  @Obj(() => SecretKeySelector, { doc: 'A key of a Secret.', optional: true })
  secretKeyRef?: SecretKeySelector;

  @Obj(() => FileKeySelector, { doc: 'A variable of an env file on a volume.', optional: true })
  fileKeyRef?: FileKeySelector;
}

@Schema({ doc: 'An environment variable of a container.' })
export class EnvVar {
  @Str({ doc: 'Name of the variable.', format: 'envName' })
  name!: string;

  @Str({ doc: 'Its value; `$(OTHER)` is replaced by variables defined before.', optional: true })
  value?: string;

  @Obj(() => EnvVarSource, { doc: 'Source of the value, in place of `value`.', optional: true })
  valueFrom?: EnvVarSource;
}

@Schema({ doc: 'All keys of a ConfigMap as environment variables.' })
export class ConfigMapEnvSource {
  @Str({ doc: 'Name of the ConfigMap.', optional: true })
  name?: string;

  @Bool({ doc: 'Whether the ConfigMap may be missing.', optional: true })
  optional?: boolean;
}

@Schema({ doc: 'All keys of a Secret as environment variables.' })
export class SecretEnvSource {
  @Str({ doc: 'Name of the Secret.', optional: true })
  name?: string;

  @Bool({ doc: 'Whether the Secret may be missing.', optional: true })
  optional?: boolean;
}

@Schema({ doc: 'Many environment variables at once; exactly one source is set.' })
export class EnvFromSource {
  @Str({ doc: 'Put before each key.', optional: true })
  prefix?: string;

  @Obj(() => ConfigMapEnvSource, { doc: "A ConfigMap's keys.", optional: true })
  configMapRef?: ConfigMapEnvSource;

  @Obj(() => SecretEnvSource, { doc: "A Secret's keys.", optional: true })
  secretRef?: SecretEnvSource;
}
