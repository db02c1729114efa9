import { Bool, MapOf, Schema, Str } from '../fields';
import { Kind } from '../kind';
import { NamespacedObject } from '../meta';
import { secretStrategy } from './secret.strategy';

@Schema({ doc: 'Confidential data for pods.' })
@Kind<Secret>({ group: '', version: 'v1', plural: 'secrets', strategy: secretStrategy })
export class Secret extends NamespacedObject {
  @Str({ doc: 'What kind of data it holds.', default: 'Opaque' })
  type!: string;

  @MapOf('bytes', { doc: 'Bytes in base64.', optional: true })
  data?: Record<string, string>;

  @MapOf('string', { doc: 'Texts, put into data on writing and never read back.', optional: true })
  stringData?: Record<string, string>;

  @Bool({ doc: 'Nothing in it may change any more.', optional: true })
  immutable?: boolean;
}
