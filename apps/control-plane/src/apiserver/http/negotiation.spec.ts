import { PARTIAL_LIST, TABLE, negotiate } from './negotiation';

const TABLE_JSON = 'application/json;as=Table;v=v1;g=meta.k8s.io';

describe('negotiate', () => {
  it.each([
    [undefined, { format: 'json' }],
    ['*/*', { format: 'json' }],
    ['application/yaml', { format: 'yaml' }],
    ['application/json;stream=watch', { format: 'json' }],
    ['application/vnd.kubernetes.protobuf,application/json', { format: 'json' }],
    [`${TABLE_JSON},application/json`, { format: 'json', shape: { as: 'Table', version: 'v1' } }],
    ['application/json;as=Table;v=v9;g=meta.k8s.io,application/json', { format: 'json' }],
    [`application/json;q=0.9,${TABLE_JSON}`, { format: 'json', shape: { as: 'Table', version: 'v1' } }],
    ['text/html,application/yaml;q=0.5,application/json;q=0.1', { format: 'yaml' }],
  ])('%s', (accept, choice) => {
    expect(negotiate(accept, [TABLE, PARTIAL_LIST])).toEqual(choice);
  });

  it.each(['application/vnd.kubernetes.protobuf', 'text/html', TABLE_JSON, 'application/json;q=0'])(
    'cannot serve %s when nothing of it is offered',
    (accept) => {
      expect(() => negotiate(accept, [PARTIAL_LIST])).toThrow('only the following media types are accepted');
    },
  );
});
