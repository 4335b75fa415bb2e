// Writes what tiktoken itself makes of our texts to tests/PromptCache.Tokenizers.Tests/Golden.
//
//   vectors.bin      Brotli of: per text, name and UTF-8 (each with a varint length), then for o200k_base and cl100k_base
//                    the number of tokens and the ranks, as varints; an empty name for the random texts
//   code-points.bin  for every 1,024 code points the first 8 bytes of SHA-256 over the ranks (u32 LE) of their
//                    probe text, o200k_base then cl100k_base
//   class-strings.bin  for every two characters of the alphabet below, the same over all strings of five that begin with them
//                    (per string: the number of ranks as a byte, then the ranks)
//
// Usage: npm run golden                                  the committed files
//        node golden.mjs --fuzz COUNT SEED FILE          only random texts, for a longer local run
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { encoding, names, varint } from "./encodings.mjs";
import { fixed, generator, random } from "./texts.mjs";

const encodings = names.map(encoding);

function vector(name, text) {
  const utf8 = Buffer.from(text, "utf8");
  const parts = [varint(Buffer.byteLength(name)), Buffer.from(name), varint(utf8.length), utf8];
  for (const e of encodings) {
    const ranks = e.encode_ordinary(utf8.toString("utf8"));
    parts.push(varint(ranks.length), ...Array.from(ranks, varint));
  }

  return Buffer.concat(parts);
}

function write(file, parts, quality = 11) {
  const bytes = Buffer.concat(parts);
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 22 } });
  writeFileSync(file, packed);
  console.log(`${file}: ${parts.length} records, ${bytes.length} -> ${packed.length} bytes`);
}

function randomVectors(count, seed) {
  const next = generator(seed);
  return Array.from({ length: count }, () => vector("", random(next)));
}

/** Every code point between letters, doubled, between digits, after a space, at a line's start: any change of class changes a cut. */
function probe(first) {
  let text = "";
  for (let c = first; c < first + 1024; c++) {
    if (c < 0xd800 || c > 0xdfff) {
      const s = String.fromCodePoint(c);
      text += `x${s}Y ${s}${s}a1${s}2 ${s}\n${s}Ab'${s}\n`;
    }
  }

  return text;
}

function codePointHashes() {
  const hashes = [];
  for (let first = 0; first < 0x110000; first += 1024) {
    for (const e of encodings) {
      const ranks = e.encode_ordinary(probe(first));
      hashes.push(createHash("sha256").update(Buffer.from(ranks.buffer, ranks.byteOffset, ranks.byteLength)).digest().subarray(0, 8));
    }
  }

  return hashes;
}

/** One of each class of character, and what the patterns name: all strings of five of them meet every path through both patterns. */
const alphabet = [..."Aa\u00aa\u03011 \u00a0\n!/'s\u017f\u{1d49c}"];

function classStringHashes() {
  const hashes = [];
  for (const a of alphabet) {
    for (const b of alphabet) {
      for (const e of encodings) {
        const hash = createHash("sha256");
        for (const c of alphabet) {
          for (const d of alphabet) {
            for (const f of alphabet) {
              const ranks = e.encode_ordinary(a + b + c + d + f);
              hash.update(Buffer.from([ranks.length]));
              hash.update(Buffer.from(ranks.buffer, ranks.byteOffset, ranks.byteLength));
            }
          }
        }

        hashes.push(hash.digest().subarray(0, 8));
      }
    }
  }

  return hashes;
}

if (process.argv[2] === "--fuzz") {
  const [count, seed, file] = [Number(process.argv[3]), Number(process.argv[4]), process.argv[5]];
  write(file, randomVectors(count, seed), 4);
} else {
  const golden = fileURLToPath(new URL("../../tests/PromptCache.Tokenizers.Tests/Golden/", import.meta.url));
  mkdirSync(golden, { recursive: true });
  write(golden + "vectors.bin", [...[...fixed()].map(([name, text]) => vector(name, text)), ...randomVectors(4000, 20261121)]);
  writeFileSync(golden + "code-points.bin", Buffer.concat(codePointHashes()));
  writeFileSync(golden + "class-strings.bin", Buffer.concat(classStringHashes()));
}
