import { LayerPlan } from './layer-plan';
import {
  BLOCK,
  InvalidLayer,
  isZeroBlock,
  paddedSize,
  parseHeader,
  parsePax,
  readText,
  type TarHeader,
} from './tar-header';

export interface LayerLimits {
  /** Unpacked bytes of one layer. */
  bytes: number;
  /** Files, directories and links of one layer. */
  entries: number;
}

/** Extended headers are names and attributes; more than this is an attack. */
const MAX_EXTENSION_BYTES = 1024 * 1024;

const PAX = 'x';
const PAX_GLOBAL = 'g';
const GNU_LONG_NAME = 'L';
const GNU_LONG_LINK = 'K';

/** Hard links and special files carry no content, whatever their size field says. */
const withoutContent = new Set(['1', '2', '3', '4', '5', '6']);

/**
 * Lets a tar stream pass on its way to tar(1), entry by entry as the plan admits them, within limits.
 * Works on the raw blocks: what passes is not encoded anew.
 */
export class LayerFilter {
  /** Bytes of content that passed. */
  bytes = 0;
  private entries = 0;
  private pending: Buffer = Buffer.alloc(0);
  /** Blocks of content still to come, and where they go. */
  private remaining = 0;
  private passing = false;
  /** Extended headers, kept until the entry they belong to is decided on. */
  private extensions: Buffer[] = [];
  private overrides: Partial<Pick<TarHeader, 'name' | 'linkName' | 'size'>> = {};
  private ended = false;

  constructor(
    private readonly plan: LayerPlan,
    private readonly limits: LayerLimits,
  ) {}

  /** What of the chunk, and of what was held back before, goes on. Throws {@link InvalidLayer}. */
  push(chunk: Buffer): Buffer[] {
    if (this.ended) return [];
    const data = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const out: Buffer[] = [];
    let position = 0;
    while (!this.ended) {
      if (this.remaining > 0) {
        const end = Math.min(data.length, position + this.remaining);
        if (this.passing && end > position) out.push(data.subarray(position, end));
        this.remaining -= end - position;
        position = end;
        if (this.remaining > 0) break;
      }
      const used = this.takeHeader(data, position, out);
      if (used === 0) break;
      position += used;
    }
    this.pending = Buffer.from(data.subarray(position));
    return out;
  }

  /** To be called when the stream has ended: a layer cut in the middle is refused. */
  finish(): void {
    if (this.remaining > 0 || this.pending.length > 0 || this.extensions.length > 0) {
      throw new InvalidLayer('the layer ends in the middle of an entry');
    }
  }

  /** Bytes used; 0 when not all that is needed has come yet. */
  private takeHeader(data: Buffer, position: number, out: Buffer[]): number {
    if (data.length - position < BLOCK) return 0;
    const block = data.subarray(position, position + BLOCK);
    if (isZeroBlock(block)) {
      out.push(Buffer.alloc(2 * BLOCK));
      this.ended = true;
      return data.length - position;
    }
    const header = parseHeader(block);
    if ([PAX, PAX_GLOBAL, GNU_LONG_NAME, GNU_LONG_LINK].includes(header.type)) {
      return this.takeExtension(header, data, position);
    }
    this.takeEntry({ ...header, ...this.overrides }, block, out);
    return BLOCK;
  }

  private takeExtension({ type, size }: TarHeader, data: Buffer, position: number): number {
    const whole = BLOCK + paddedSize(size);
    if (whole > MAX_EXTENSION_BYTES) throw new InvalidLayer('extended tar header is too large');
    if (data.length - position < whole) return 0;
    const content = data.subarray(position + BLOCK, position + BLOCK + size);
    // A global header would change entries behind our back; what images put there (comments) is not needed.
    if (type === PAX_GLOBAL) return whole;
    if (type === GNU_LONG_NAME) this.overrides.name = readText(content, 0, size);
    if (type === GNU_LONG_LINK) this.overrides.linkName = readText(content, 0, size);
    if (type === PAX) this.takePax(parsePax(content));
    this.extensions.push(Buffer.from(data.subarray(position, position + whole)));
    if (this.extensions.length > 8) throw new InvalidLayer('too many extended tar headers for one entry');
    return whole;
  }

  private takePax(records: Map<string, string>): void {
    const [path, linkPath, size] = ['path', 'linkpath', 'size'].map((key) => records.get(key));
    if ([...records.keys()].some((key) => key.startsWith('GNU.sparse.')))
      throw new InvalidLayer('sparse files are not supported');
    if (path !== undefined) this.overrides.name = path;
    if (linkPath !== undefined) this.overrides.linkName = linkPath;
    if (size === undefined) return;
    if (!/^\d{1,15}$/.test(size)) throw new InvalidLayer('damaged pax header: size is not a number');
    this.overrides.size = Number(size);
  }

  private takeEntry(header: TarHeader, block: Buffer, out: Buffer[]): void {
    const size = withoutContent.has(header.type) ? 0 : header.size;
    if (++this.entries > this.limits.entries)
      throw new InvalidLayer(`the layer has more than ${this.limits.entries} entries`);
    this.passing = this.plan.admit(header);
    if (this.passing) {
      this.bytes += size;
      if (this.bytes > this.limits.bytes) throw new InvalidLayer(`the layer has more than ${this.limits.bytes} bytes`);
      out.push(...this.extensions, Buffer.from(block));
    }
    this.remaining = paddedSize(size);
    this.extensions = [];
    this.overrides = {};
  }
}
