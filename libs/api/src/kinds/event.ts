import { Int, MicroTime, Obj, Schema, Str, Timestamp } from '../fields';
import { Kind } from '../kind';
import { NamespacedObject } from '../meta';
import { ObjectReference } from './references';
import { eventColumns } from './event.columns';
import { eventStrategy } from './event.strategy';

@Schema({ doc: 'Who reported an event.' })
export class EventSource {
  @Str({ doc: 'The component.', optional: true })
  component?: string;

  @Str({ doc: 'The node it runs on.', optional: true })
  host?: string;
}

@Schema({ doc: 'Repetition of an event.' })
export class EventSeries {
  @Int({ doc: 'How often it happened.', optional: true })
  count?: number;

  @MicroTime({ doc: 'When it happened last.', optional: true })
  lastObservedTime?: string;
}

const eventSelectableFields: Readonly<Record<string, (event: Event) => string>> = {
  'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
  'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
  'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
  'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
  'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
  'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
  'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
  reason: ({ reason = '' }) => reason,
  reportingComponent: ({ reportingComponent }) => reportingComponent,
  source: ({ source, reportingComponent }) => source?.component || reportingComponent,
  type: ({ type = '' }) => type,
};

@Schema({ doc: 'Something that happened to an object.' })
@Kind<Event>({
  group: '',
  version: 'v1',
  plural: 'events',
  shortNames: ['ev'],
  columns: eventColumns,
  selectableFields: eventSelectableFields,
  strategy: eventStrategy,
})
export class Event extends NamespacedObject {
  @Obj(() => ObjectReference, { doc: 'The object.' })
  involvedObject!: ObjectReference;

  @Str({ doc: 'Short word for what happened.', optional: true })
  reason?: string;

  @Str({ doc: 'What happened, in a sentence.', optional: true })
  message?: string;

  @Obj(() => EventSource, { doc: 'Who reported it.', optional: true })
  source?: EventSource;

  @Timestamp({ doc: 'When it happened first.', optional: true })
  firstTimestamp?: string;

  @Timestamp({ doc: 'When it happened last.', optional: true })
  lastTimestamp?: string;

  @Int({ doc: 'How often it happened.', optional: true })
  count?: number;

  @Str({ doc: 'Normal or Warning.', optional: true })
  type?: string;

  @MicroTime({ doc: 'When it happened, for events of events.k8s.io.', optional: true })
  eventTime?: string;

  @Obj(() => EventSeries, { doc: 'Its repetition.', optional: true })
  series?: EventSeries;

  @Str({ doc: 'What was done about the object.', optional: true })
  action?: string;

  @Obj(() => ObjectReference, { doc: 'A second object.', optional: true })
  related?: ObjectReference;

  @Str({ doc: 'The component that reported it.', default: '' })
  reportingComponent!: string;

  @Str({ doc: 'Which instance of the component.', default: '' })
  reportingInstance!: string;
}
