// Writes src/PromptCache.Tokenizers/Data: one vocabulary per encoding, and the character classes of tiktoken's regex engine.
//
//   vocabulary   Brotli of: token count (u32 LE), one length byte per token, the tokens' bytes; all in rank order
//   classes      Brotli of: runs over U+0000..U+10FFFF as varint(length * 8 + class), class as in CharacterClass.cs
//
// Usage: npm install --no-package-lock && npm run build
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { matching, names, tokens, varint } from "./encodings.mjs";

const data = fileURLToPath(new URL("../../src/PromptCache.Tokenizers/Data/", import.meta.url));

// What OpenAI publishes for NAME.tiktoken (github.com/openai/tiktoken, tiktoken_ext/openai_public.py).
const published = {
  o200k_base: "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
  cl100k_base: "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
};

function write(file, bytes) {
  const packed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(data + file, packed);
  console.log(`${file}: ${bytes.length} -> ${packed.length} bytes`);
}

for (const name of names) {
  const list = tokens(name);
  const text = list.map((token, rank) => `${token.toString("base64")} ${rank}\n`).join("");
  const sha = createHash("sha256").update(text).digest("hex");
  if (sha !== published[name]) {
    throw new Error(`${name}: SHA-256 ${sha} is not the published one`);
  }

  const count = Buffer.alloc(4);
  count.writeUInt32LE(list.length);
  write(`${name}.bpe`, Buffer.concat([count, Buffer.from(list.map((token) => token.length)), ...list]));
}

const classes = new Uint8Array(0x110000); // 0: anything else
["\\p{Lu}|\\p{Lt}", "\\p{Ll}", "\\p{Lm}|\\p{Lo}", "\\p{M}", "\\p{N}", "\\s", "[\\r\\n]"].forEach((pattern, i) => {
  for (const c of matching(pattern)) {
    classes[c] = i + 1;
  }
});

const runs = [];
for (let start = 0; start < classes.length; ) {
  let end = start;
  while (end < classes.length && classes[end] === classes[start]) {
    end++;
  }

  runs.push(varint((end - start) * 8 + classes[start]));
  start = end;
}

write("character-classes.bin", Buffer.concat(runs));
