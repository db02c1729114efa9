/**
 * The node's share of the cluster's network.
 *
 * - `cluster-network.ts` ties the parts together and follows the API
 * - `pods/`     a routed link and an address for each pod
 * - `overlay/`  the way to other nodes' pods
 * - `services/` service addresses and node ports, as elements of nftables maps
 * - `dns/`      the cluster's names
 */
export { ClusterNetwork, type ClusterNetworkSettings } from './cluster-network';
export type { OverlayMode } from './overlay/overlay.plan';
