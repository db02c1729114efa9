import { notAcceptable } from '@gantry/api';

/** Another shape of the answer that a client may ask for, as in `application/json;as=Table;v=v1;g=meta.k8s.io`. */
export interface Shape {
  as: string;
  group: string;
  versions: readonly string[];
}

export interface MediaChoice {
  format: 'json' | 'yaml';
  /** Absent = the object as it is. */
  shape?: { as: string; version: string };
}

export const TABLE = { as: 'Table', group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] } as const;
export const PARTIAL_OBJECT = {
  as: 'PartialObjectMetadata',
  group: 'meta.k8s.io',
  versions: ['v1', 'v1beta1'],
} as const;
export const PARTIAL_LIST = {
  as: 'PartialObjectMetadataList',
  group: 'meta.k8s.io',
  versions: ['v1', 'v1beta1'],
} as const;

interface MediaRange {
  type: string;
  parameters: Map<string, string>;
  quality: number;
}

const FORMATS: Record<string, MediaChoice['format']> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/*': 'json',
  '*/*': 'json',
};

/**
 * Chooses the first thing the client likes best among JSON, YAML and the given shapes (RFC 9110, 12.5.1).
 * Protobuf is not spoken: a client that also accepts JSON gets JSON, any other a 406.
 */
export function negotiate(accept: string | undefined, shapes: readonly Shape[] = []): MediaChoice {
  if (!accept || accept === 'application/json' || accept === '*/*') return { format: 'json' };
  for (const range of readRanges(accept)) {
    const choice = choose(range, shapes);
    if (choice) return choice;
  }
  throw notAcceptable(['application/json', 'application/yaml']);
}

function choose({ type, parameters }: MediaRange, shapes: readonly Shape[]): MediaChoice | undefined {
  const format = FORMATS[type];
  if (!format) return undefined;
  const as = parameters.get('as');
  if (as === undefined) return { format };
  const version = parameters.get('v') ?? '';
  const known = shapes.some(
    (shape) => shape.as === as && shape.group === parameters.get('g') && shape.versions.includes(version),
  );
  return known ? { format, shape: { as, version } } : undefined;
}

function readRanges(accept: string): MediaRange[] {
  return accept
    .split(',')
    .map(readRange)
    .filter((range) => range.quality > 0)
    .sort((a, b) => b.quality - a.quality);
}

function readRange(text: string): MediaRange {
  const [type = '', ...pairs] = text.split(';').map((part) => part.trim());
  const parameters = new Map(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name.trim().toLowerCase(), value.trim().replaceAll('"', '')] as const;
    }),
  );
  const quality = Number(parameters.get('q') ?? 1);
  return { type: type.toLowerCase(), parameters, quality: Number.isFinite(quality) ? quality : 0 };
}
