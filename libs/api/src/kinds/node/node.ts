import { Obj, Schema } from '../../fields';
import { Kind } from '../../kind';
import { KubeObject } from '../../meta';
import { NodeSpec } from './node-spec';
import { NodeStatus } from './node-status';
import { nodeStrategy } from './node.strategy';
import { nodeColumns } from './node.columns';

@Schema({ doc: 'A machine that runs pods.' })
@Kind<Node>({
  group: '',
  version: 'v1',
  plural: 'nodes',
  shortNames: ['no'],
  status: true,
  strategy: nodeStrategy,
  columns: nodeColumns,
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec.unschedulable ?? false) },
})
export class Node extends KubeObject {
  @Obj(() => NodeSpec, { doc: 'How it may be used.', default: {} })
  spec!: NodeSpec;

  @Obj(() => NodeStatus, { doc: 'What is known of it.', default: {} })
  status!: NodeStatus;
}
