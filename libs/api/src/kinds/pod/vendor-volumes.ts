import { Bool, Int, ListOf, MapOf, Obj, Schema, Str } from '../../fields';
import { LocalObjectReference } from '../references';

@Schema({ doc: 'An iSCSI disk.' })
export class ISCSIVolumeSource {
  @Str({ doc: 'Address of the target.' })
  targetPortal!: string;

  @Str({ doc: 'Name of the target.' })
  iqn!: string;

  @Int({ doc: 'Logical unit.', default: 0 })
  lun!: number;

  @Str({ doc: 'Transport.', default: 'default' })
  iscsiInterface!: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;

  @ListOf('string', { doc: 'Further addresses.', optional: true, listType: 'atomic' })
  portals?: string[];

  @Bool({ doc: 'Authenticate discovery by CHAP.', optional: true })
  chapAuthDiscovery?: boolean;

  @Bool({ doc: 'Authenticate sessions by CHAP.', optional: true })
  chapAuthSession?: boolean;

  @Obj(() => LocalObjectReference, { doc: 'CHAP credentials.', optional: true })
  secretRef?: LocalObjectReference;

  @Str({ doc: 'Name of the initiator.', optional: true })
  initiatorName?: string;
}

@Schema({ doc: 'A Fibre Channel disk.' })
export class FCVolumeSource {
  @ListOf('string', { doc: 'Target world wide names.', optional: true, listType: 'atomic' })
  targetWWNs?: string[];

  @Int({ doc: 'Logical unit.', optional: true })
  lun?: number;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;

  @ListOf('string', { doc: 'World wide identifiers.', optional: true, listType: 'atomic' })
  wwids?: string[];
}

@Schema({ doc: 'An AWS EBS disk.' })
export class AWSElasticBlockStoreVolumeSource {
  @Str({ doc: 'The disk.' })
  volumeID!: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Int({ doc: 'Partition number.', optional: true })
  partition?: number;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'An Azure data disk.' })
export class AzureDiskVolumeSource {
  @Str({ doc: 'The disk.' })
  diskName!: string;

  @Str({ doc: 'Its address.' })
  diskURI!: string;

  @Str({ doc: 'Host caching.', default: 'ReadWrite' })
  cachingMode!: string;

  @Str({ doc: 'File system.', default: 'ext4' })
  fsType!: string;

  @Bool({ doc: 'Mount it read-only.', default: false })
  readOnly!: boolean;

  @Str({ doc: 'Shared, Dedicated or Managed.', default: 'Shared' })
  kind!: string;
}

@Schema({ doc: 'An Azure file share.' })
export class AzureFileVolumeSource {
  @Str({ doc: 'Secret with account and key.' })
  secretName!: string;

  @Str({ doc: 'The share.' })
  shareName!: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'A CephFS mount.' })
export class CephFSVolumeSource {
  @ListOf('string', { doc: 'Monitor addresses.', listType: 'atomic' })
  monitors!: string[];

  @Str({ doc: 'Mounted root.', optional: true })
  path?: string;

  @Str({ doc: 'Ceph user.', optional: true })
  user?: string;

  @Str({ doc: 'Key ring on the node.', optional: true })
  secretFile?: string;

  @Obj(() => LocalObjectReference, { doc: 'Credentials.', optional: true })
  secretRef?: LocalObjectReference;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'An OpenStack Cinder disk.' })
export class CinderVolumeSource {
  @Str({ doc: 'The disk.' })
  volumeID!: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;

  @Obj(() => LocalObjectReference, { doc: 'Credentials.', optional: true })
  secretRef?: LocalObjectReference;
}

@Schema({ doc: 'A volume of a FlexVolume driver.' })
export class FlexVolumeSource {
  @Str({ doc: 'The driver.' })
  driver!: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Obj(() => LocalObjectReference, { doc: 'Credentials.', optional: true })
  secretRef?: LocalObjectReference;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;

  @MapOf('string', { doc: 'Settings for the driver.', optional: true })
  options?: Record<string, string>;
}

@Schema({ doc: 'A Flocker volume.' })
export class FlockerVolumeSource {
  @Str({ doc: 'Dataset by name.', optional: true })
  datasetName?: string;

  @Str({ doc: 'Dataset by UUID.', optional: true })
  datasetUUID?: string;
}

@Schema({ doc: 'A GCE persistent disk.' })
export class GCEPersistentDiskVolumeSource {
  @Str({ doc: 'The disk.' })
  pdName!: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Int({ doc: 'Partition number.', optional: true })
  partition?: number;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'A git checkout.' })
export class GitRepoVolumeSource {
  @Str({ doc: 'Address of the repository.' })
  repository!: string;

  @Str({ doc: 'Commit to check out.', optional: true })
  revision?: string;

  @Str({ doc: 'Folder of the checkout.', optional: true })
  directory?: string;
}

@Schema({ doc: 'A GlusterFS mount.' })
export class GlusterfsVolumeSource {
  @Str({ doc: 'Endpoints object with the servers.' })
  endpoints!: string;

  @Str({ doc: 'The volume.' })
  path!: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'A Photon disk.' })
export class PhotonPersistentDiskVolumeSource {
  @Str({ doc: 'The disk.' })
  pdID!: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;
}

@Schema({ doc: 'A Portworx volume.' })
export class PortworxVolumeSource {
  @Str({ doc: 'The volume.' })
  volumeID!: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'A Quobyte mount.' })
export class QuobyteVolumeSource {
  @Str({ doc: 'Registry addresses.' })
  registry!: string;

  @Str({ doc: 'The volume.' })
  volume!: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;

  @Str({ doc: 'Owner.', optional: true })
  user?: string;

  @Str({ doc: 'Group.', optional: true })
  group?: string;

  @Str({ doc: 'Tenant.', optional: true })
  tenant?: string;
}

@Schema({ doc: 'A Ceph block device.' })
export class RBDVolumeSource {
  @ListOf('string', { doc: 'Monitor addresses.', listType: 'atomic' })
  monitors!: string[];

  @Str({ doc: 'The image.' })
  image!: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Str({ doc: 'Pool.', default: 'rbd' })
  pool!: string;

  @Str({ doc: 'Ceph user.', default: 'admin' })
  user!: string;

  @Str({ doc: 'Key ring on the node.', default: '/etc/ceph/keyring' })
  keyring!: string;

  @Obj(() => LocalObjectReference, { doc: 'Credentials.', optional: true })
  secretRef?: LocalObjectReference;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'A ScaleIO volume.' })
export class ScaleIOVolumeSource {
  @Str({ doc: 'Address of the gateway.' })
  gateway!: string;

  @Str({ doc: 'Storage system.' })
  system!: string;

  @Obj(() => LocalObjectReference, { doc: 'Credentials.' })
  secretRef!: LocalObjectReference;

  @Bool({ doc: 'Use TLS to the gateway.', optional: true })
  sslEnabled?: boolean;

  @Str({ doc: 'Protection domain.', optional: true })
  protectionDomain?: string;

  @Str({ doc: 'Storage pool.', optional: true })
  storagePool?: string;

  @Str({ doc: 'Thick or thin provisioning.', default: 'ThinProvisioned' })
  storageMode!: string;

  @Str({ doc: 'The volume.', optional: true })
  volumeName?: string;

  @Str({ doc: 'File system.', default: 'xfs' })
  fsType!: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;
}

@Schema({ doc: 'A StorageOS volume.' })
export class StorageOSVolumeSource {
  @Str({ doc: 'The volume.', optional: true })
  volumeName?: string;

  @Str({ doc: 'Its namespace.', optional: true })
  volumeNamespace?: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Bool({ doc: 'Mount it read-only.', optional: true })
  readOnly?: boolean;

  @Obj(() => LocalObjectReference, { doc: 'Credentials.', optional: true })
  secretRef?: LocalObjectReference;
}

@Schema({ doc: 'A vSphere disk.' })
export class VsphereVirtualDiskVolumeSource {
  @Str({ doc: 'Path of the disk.' })
  volumePath!: string;

  @Str({ doc: 'File system.', optional: true })
  fsType?: string;

  @Str({ doc: 'Storage policy.', optional: true })
  storagePolicyName?: string;

  @Str({ doc: 'Its identifier.', optional: true })
  storagePolicyID?: string;
}
