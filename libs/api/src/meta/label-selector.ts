import { ListOf, MapOf, Schema, Str } from '../fields';
import { META_PACKAGE } from './package';

@Schema({ package: META_PACKAGE, doc: 'One requirement on a label.' })
export class LabelSelectorRequirement {
  @Str({ doc: 'The label it is about.' })
  key!: string;

  @Str({ doc: 'How key and values relate.', enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'] })
  operator!: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

  @ListOf('string', { doc: 'Values for In and NotIn; empty for Exists and DoesNotExist.', optional: true })
  values?: string[];
}

@Schema({
  package: META_PACKAGE,
  doc: 'Selects objects by their labels; all requirements must hold. Empty selects everything.',
  atomic: true,
})
export class LabelSelector {
  @MapOf('string', { doc: 'Labels that must be there with these values.', optional: true })
  matchLabels?: Record<string, string>;

  @ListOf(() => LabelSelectorRequirement, { doc: 'Further requirements.', optional: true })
  matchExpressions?: LabelSelectorRequirement[];
}
