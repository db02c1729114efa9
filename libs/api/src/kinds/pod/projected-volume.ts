import { Bool, Int, ListOf, Obj, Schema, Str } from '../../fields';
import { LabelSelector } from '../../meta';
import { DownwardAPIVolumeFile, KeyToPath } from './key-selectors';

@Schema({ doc: "A token of the pod's service account." })
export class ServiceAccountTokenProjection {
  @Str({ doc: 'For whom the token is meant; the API server unless given.', optional: true })
  audience?: string;

  @Int({ doc: 'Lifetime in seconds; renewed before it ends.', default: 3600, bits: 64 })
  expirationSeconds!: number;

  @Str({ doc: 'Relative path of the file.' })
  path!: string;
}

@Schema({ doc: 'Keys of a ConfigMap.' })
export class ConfigMapProjection {
  @Str({ doc: 'Name of the ConfigMap.', optional: true })
  name?: string;

  @ListOf(() => KeyToPath, { doc: 'Keys and their paths; all keys unless given.', optional: true, listType: 'atomic' })
  items?: KeyToPath[];

  @Bool({ doc: 'Whether the ConfigMap or keys may be missing.', optional: true })
  optional?: boolean;
}

@Schema({ doc: 'Keys of a Secret.' })
export class SecretProjection {
  @Str({ doc: 'Name of the Secret.', optional: true })
  name?: string;

  @ListOf(() => KeyToPath, { doc: 'Keys and their paths; all keys unless given.', optional: true, listType: 'atomic' })
  items?: KeyToPath[];

  @Bool({ doc: 'Whether the Secret or keys may be missing.', optional: true })
  optional?: boolean;
}

@Schema({ doc: 'Facts about the pod.' })
export class DownwardAPIProjection {
  @ListOf(() => DownwardAPIVolumeFile, { doc: 'The files.', optional: true, listType: 'atomic' })
  items?: DownwardAPIVolumeFile[];
}

@Schema({ doc: 'Certificates of ClusterTrustBundles.' })
export class ClusterTrustBundleProjection {
  @Str({ doc: 'One bundle by name.', optional: true })
  name?: string;

  @Str({ doc: 'Bundles of a signer.', optional: true })
  signerName?: string;

  @Obj(() => LabelSelector, { doc: 'Which bundles of the signer; none when absent.', optional: true })
  labelSelector?: LabelSelector;

  @Bool({ doc: 'Whether the bundles may be missing.', optional: true })
  optional?: boolean;

  @Str({ doc: 'Relative path of the file.' })
  path!: string;
}

@Schema({ doc: 'A key and certificate issued for the pod.' })
export class PodCertificateProjection {
  @Str({ doc: 'Who signs it.' })
  signerName!: string;

  @Str({ doc: 'Kind of key.' })
  keyType!: string;

  @Int({ doc: 'Longest lifetime, in seconds.', optional: true })
  maxExpirationSeconds?: number;

  @Str({ doc: 'File for key and certificates together.', optional: true })
  credentialBundlePath?: string;

  @Str({ doc: 'File for the key.', optional: true })
  keyPath?: string;

  @Str({ doc: 'File for the certificates.', optional: true })
  certificateChainPath?: string;
}

@Schema({ doc: 'One source of a projected volume; exactly one is set.' })
export class VolumeProjection {
  @Obj(() => ConfigMapProjection, { doc: 'Keys of a ConfigMap.', optional: true })
  configMap?: ConfigMapProjection;

  @Obj(() => SecretProjection, { doc: 'Keys of a Secret.', optional: true })
  secret?: SecretProjection;

  @Obj(() => DownwardAPIProjection, { doc: 'Facts about the pod.', optional: true })
  downwardAPI?: DownwardAPIProjection;

  @Obj(() => ServiceAccountTokenProjection, { doc: "A token of the pod's service account.", optional: true })
  serviceAccountToken?: ServiceAccountTokenProjection;

  @Obj(() => ClusterTrustBundleProjection, { doc: 'Certificates of ClusterTrustBundles.', optional: true })
  clusterTrustBundle?: ClusterTrustBundleProjection;

  @Obj(() => PodCertificateProjection, { doc: 'A key and certificate issued for the pod.', optional: true })
  podCertificate?: PodCertificateProjection;
}

@Schema({ doc: 'Several sources in one folder.' })
export class ProjectedVolumeSource {
  @ListOf(() => VolumeProjection, { doc: 'The sources.', optional: true, listType: 'atomic' })
  sources?: VolumeProjection[];

  @Int({ doc: 'Permission bits of the files.', default: 0o644 })
  defaultMode!: number;
}
