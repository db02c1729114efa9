/** What a program or library needs from the dynamic linker. */
export interface ElfNeeds {
  /** Path of the dynamic linker itself; libraries name none. */
  interpreter?: string;
  /** File names of shared libraries: `libc.so.6`. */
  libraries: string[];
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;

interface Segment {
  type: number;
  offset: number;
  address: number;
  size: number;
}

/** Reads a 64-bit little-endian ELF file (System V ABI, chapters 4 and 5); undefined for any other file. */
export function elfNeeds(file: Buffer): ElfNeeds | undefined {
  const isElf64 = file.length >= 64 && file.readUInt32BE(0) === 0x7f454c46 && file[4] === 2 && file[5] === 1;
  if (!isElf64) return undefined;
  const segments = readSegments(file);
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  return {
    ...(interpreter ? { interpreter: textAt(file, interpreter.offset) } : {}),
    libraries: neededLibraries(file, segments),
  };
}

function readSegments(file: Buffer): Segment[] {
  const start = Number(file.readBigUInt64LE(32));
  const entrySize = file.readUInt16LE(54);
  return Array.from({ length: file.readUInt16LE(56) }, (_, i) => {
    const at = start + i * entrySize;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

function neededLibraries(file: Buffer, segments: Segment[]): string[] {
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (!dynamic) return [];
  const names: number[] = [];
  let strings = 0;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = file.readBigInt64LE(at);
    const value = Number(file.readBigUInt64LE(at + 8));
    if (tag === BigInt(DT_NEEDED)) names.push(value);
    if (tag === BigInt(DT_STRTAB)) strings = fileOffset(segments, value);
  }
  return names.map((offset) => textAt(file, strings + offset));
}

/** Where in the file the content of a virtual address lies. */
function fileOffset(segments: Segment[], address: number): number {
  const holder = segments.find(
    (segment) => segment.type === PT_LOAD && address >= segment.address && address < segment.address + segment.size,
  );
  return holder ? address - holder.address + holder.offset : address;
}

const textAt = (file: Buffer, offset: number): string => file.toString('utf8', offset, file.indexOf(0, offset));
