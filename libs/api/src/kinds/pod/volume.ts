import { Amount, Bool, Int, ListOf, MapOf, Obj, Schema, Str } from '../../fields';
import { LabelSelector, ObjectMeta } from '../../meta';
import { LocalObjectReference, TypedLocalObjectReference, TypedObjectReference } from '../references';
import { DownwardAPIVolumeFile, KeyToPath } from './key-selectors';
import { ProjectedVolumeSource } from './projected-volume';
import {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  AzureFileVolumeSource,
  CephFSVolumeSource,
  CinderVolumeSource,
  FCVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GCEPersistentDiskVolumeSource,
  GitRepoVolumeSource,
  GlusterfsVolumeSource,
  ISCSIVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  QuobyteVolumeSource,
  RBDVolumeSource,
  ScaleIOVolumeSource,
  StorageOSVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from './vendor-volumes';

@Schema({ doc: 'A folder that lives as long as the pod.' })
export class EmptyDirVolumeSource {
  @Str({ doc: "`Memory` for tmpfs; the node's disk unless given.", optional: true })
  medium?: string;

  @Amount({ doc: 'The most it may hold.', optional: true })
  sizeLimit?: string;
}

@Schema({ doc: 'A file or folder of the node.' })
export class HostPathVolumeSource {
  @Str({ doc: 'Path on the node.' })
  path!: string;

  @Str({ doc: 'What must be there, or is made.', default: '' })
  type!: string;
}

@Schema({ doc: 'The keys of a ConfigMap as files.' })
export class ConfigMapVolumeSource {
  @Str({ doc: 'Name of the ConfigMap.', optional: true })
  name?: string;

  @ListOf(() => KeyToPath, { doc: 'Keys and their paths; all keys unless given.', optional: true, listType: 'atomic' })
  items?: KeyToPath[];

  @Int({ doc: 'Permission bits of the files.', default: 0o644 })
  defaultMode!: number;

  @Bool({ doc: 'Whether the ConfigMap or keys may be missing.', optional: true })
  optional?: boolean;
}

@Schema({ doc: 'The keys of a Secret as files in memory.' })
export class SecretVolumeSource {
  @Str({ doc: 'Name of the Secret.', optional: true })
  secretName?: string;

  @ListOf(() => KeyToPath, { doc: 'Keys and their paths; all keys unless given.', optional: true, listType: 'atomic' })
  items?: KeyToPath[];

  @Int({ doc: 'Permission bits of the files.', default: 0o644 })
  defaultMode!: number;

  @Bool({ doc: 'Whether the Secret or keys may be missing.', optional: true })
  optional?: boolean;
}

@Schema({ doc: 'Facts about the pod as files.' })
export class DownwardAPIVolumeSource {
  @ListOf(() => DownwardAPIVolumeFile, { doc: 'The files.', optional: true, listType: 'atomic' })
  items?: DownwardAPIVolumeFile[];

  @Int({ doc: 'Permission bits of the files.', default: 0o644 })
  defaultMode!: number;
}

@Schema({ doc: 'A share of an NFS server.' })
export class NFSVolumeSource {
  @Str({ doc: 'Host name or address of the server.' })
  server!: string;

  @Str({ doc: 'Exported path.' })
  path!: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'The volume bound to a claim of the same namespace.' })
export class PersistentVolumeClaimVolumeSource {
  @Str({ doc: 'Name of the claim.' })
  claimName!: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'A volume made for the pod by a CSI driver.' })
export class CSIVolumeSource {
  @Str({ doc: 'Name of the driver.' })
  driver!: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @MapOf('string', { doc: 'Settings for the driver.', optional: true })
  volumeAttributes?: Record<string, string>;

  @Obj(() => LocalObjectReference, { doc: 'Secret handed to the driver.', optional: true })
  nodePublishSecretRef?: LocalObjectReference;
}

@Schema({ doc: 'The files of an image or artifact, read-only.' })
export class ImageVolumeSource {
  @Str({ doc: 'Image reference.', optional: true })
  reference?: string;

  @Str({ doc: 'When to pull.', optional: true, enum: ['Always', 'IfNotPresent', 'Never'] })
  pullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
}

@Schema({ doc: 'Size of a volume.' })
export class VolumeResourceRequirements {
  @MapOf('quantity', { doc: 'The most it may hold.', optional: true })
  limits?: Record<string, string>;

  @MapOf('quantity', { doc: 'What it must hold.', optional: true })
  requests?: Record<string, string>;
}

@Schema({ doc: 'What a claim asks for.' })
export class PersistentVolumeClaimSpec {
  @ListOf('string', { doc: 'How it may be mounted.', optional: true, listType: 'atomic' })
  accessModes?: string[];

  @Obj(() => LabelSelector, { doc: 'Volumes by their labels.', optional: true })
  selector?: LabelSelector;

  @Obj(() => VolumeResourceRequirements, { doc: 'Its size.', optional: true })
  resources?: VolumeResourceRequirements;

  @Str({ doc: 'The volume bound to it.', optional: true })
  volumeName?: string;

  @Str({ doc: 'Class that provides it.', optional: true })
  storageClassName?: string;

  @Str({ doc: 'File system or raw block device.', optional: true, enum: ['Filesystem', 'Block'] })
  volumeMode?: 'Filesystem' | 'Block';

  @Obj(() => TypedLocalObjectReference, { doc: 'Snapshot or claim to start from.', optional: true })
  dataSource?: TypedLocalObjectReference;

  @Obj(() => TypedObjectReference, { doc: 'Any object to start from, possibly in another namespace.', optional: true })
  dataSourceRef?: TypedObjectReference;

  @Str({ doc: 'Class of changeable attributes.', optional: true })
  volumeAttributesClassName?: string;
}

@Schema({ doc: 'The claim made for a pod.' })
export class PersistentVolumeClaimTemplate {
  @Obj(() => ObjectMeta, { doc: 'Labels and annotations of the claim.', optional: true })
  metadata?: ObjectMeta;

  @Obj(() => PersistentVolumeClaimSpec, { doc: 'What it asks for.' })
  spec!: PersistentVolumeClaimSpec;
}

@Schema({ doc: 'A volume by claim that lives as long as the pod.' })
export class EphemeralVolumeSource {
  @Obj(() => PersistentVolumeClaimTemplate, { doc: 'The claim to make.', optional: true })
  volumeClaimTemplate?: PersistentVolumeClaimTemplate;
}

@Schema({ doc: 'Storage that containers of the pod can mount; exactly one source is set, emptyDir unless given.' })
export class Volume {
  @Str({ doc: 'Name by which containers refer to it.', format: 'dnsLabel' })
  name!: string;

  @Obj(() => EmptyDirVolumeSource, { doc: 'A folder that lives as long as the pod.', optional: true })
  emptyDir?: EmptyDirVolumeSource;

  @Obj(() => HostPathVolumeSource, { doc: 'A file or folder of the node.', optional: true })
  hostPath?: HostPathVolumeSource;

  @Obj(() => ConfigMapVolumeSource, { doc: 'The keys of a ConfigMap as files.', optional: true })
  configMap?: ConfigMapVolumeSource;

  @Obj(() => SecretVolumeSource, { doc: 'The keys of a Secret as files.', optional: true })
  secret?: SecretVolumeSource;

  @Obj(() => DownwardAPIVolumeSource, { doc: 'Facts about the pod as files.', optional: true })
  downwardAPI?: DownwardAPIVolumeSource;

  @Obj(() => ProjectedVolumeSource, { doc: 'Several sources in one folder.', optional: true })
  projected?: ProjectedVolumeSource;

  @Obj(() => PersistentVolumeClaimVolumeSource, { doc: 'The volume of a claim.', optional: true })
  persistentVolumeClaim?: PersistentVolumeClaimVolumeSource;

  @Obj(() => EphemeralVolumeSource, { doc: 'A claim made for the pod.', optional: true })
  ephemeral?: EphemeralVolumeSource;

  @Obj(() => CSIVolumeSource, { doc: 'A volume made by a CSI driver.', optional: true })
  csi?: CSIVolumeSource;

  @Obj(() => ImageVolumeSource, { doc: 'The files of an image.', optional: true })
  image?: ImageVolumeSource;

  @Obj(() => NFSVolumeSource, { doc: 'A share of an NFS server.', optional: true })
  nfs?: NFSVolumeSource;

  @Obj(() => ISCSIVolumeSource, { doc: 'An iSCSI disk.', optional: true })
  iscsi?: ISCSIVolumeSource;

  @Obj(() => FCVolumeSource, { doc: 'A Fibre Channel disk.', optional: true })
  fc?: FCVolumeSource;

  @Obj(() => AWSElasticBlockStoreVolumeSource, { doc: 'An AWS EBS disk.', optional: true })
  awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource;

  @Obj(() => AzureDiskVolumeSource, { doc: 'An Azure data disk.', optional: true })
  azureDisk?: AzureDiskVolumeSource;

  @Obj(() => AzureFileVolumeSource, { doc: 'An Azure file share.', optional: true })
  azureFile?: AzureFileVolumeSource;

  @Obj(() => CephFSVolumeSource, { doc: 'A CephFS mount.', optional: true })
  cephfs?: CephFSVolumeSource;

  @Obj(() => CinderVolumeSource, { doc: 'An OpenStack Cinder disk.', optional: true })
  cinder?: CinderVolumeSource;

  @Obj(() => FlexVolumeSource, { doc: 'A volume of a FlexVolume driver.', optional: true })
  flexVolume?: FlexVolumeSource;

  @Obj(() => FlockerVolumeSource, { doc: 'A Flocker volume.', optional: true })
  flocker?: FlockerVolumeSource;

  @Obj(() => GCEPersistentDiskVolumeSource, { doc: 'A GCE persistent disk.', optional: true })
  gcePersistentDisk?: GCEPersistentDiskVolumeSource;

  @Obj(() => GitRepoVolumeSource, { doc: 'A git checkout.', optional: true })
  gitRepo?: GitRepoVolumeSource;

  @Obj(() => GlusterfsVolumeSource, { doc: 'A GlusterFS mount.', optional: true })
  glusterfs?: GlusterfsVolumeSource;

  @Obj(() => PhotonPersistentDiskVolumeSource, { doc: 'A Photon disk.', optional: true })
  photonPersistentDisk?: PhotonPersistentDiskVolumeSource;

  @Obj(() => PortworxVolumeSource, { doc: 'A Portworx volume.', optional: true })
  portworxVolume?: PortworxVolumeSource;

  @Obj(() => QuobyteVolumeSource, { doc: 'A Quobyte mount.', optional: true })
  quobyte?: QuobyteVolumeSource;

  @Obj(() => RBDVolumeSource, { doc: 'A Ceph block device.', optional: true })
  rbd?: RBDVolumeSource;

  @Obj(() => ScaleIOVolumeSource, { doc: 'A ScaleIO volume.', optional: true })
  scaleIO?: ScaleIOVolumeSource;

  @Obj(() => StorageOSVolumeSource, { doc: 'A StorageOS volume.', optional: true })
  storageos?: StorageOSVolumeSource;

  @Obj(() => VsphereVirtualDiskVolumeSource, { doc: 'A vSphere disk.', optional: true })
  vsphereVolume?: VsphereVirtualDiskVolumeSource;
}
