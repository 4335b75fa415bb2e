// The two encodings as the npm package `tiktoken` (MIT) carries them, and helpers over its WASM build.
import { createRequire } from "node:module";
import { Tiktoken, get_encoding } from "tiktoken";

const require = createRequire(import.meta.url);

export const names = ["o200k_base", "cl100k_base"];

/** The tokens in rank order. The package's lines are `! FIRST_RANK BASE64 BASE64 ...`. */
export function tokens(name) {
  const { bpe_ranks: text } = require(`tiktoken/encoders/${name}.json`);
  const list = [];
  for (const line of text.split("\n").filter((l) => l.length > 0)) {
    const [, first, ...encoded] = line.split(" ");
    encoded.forEach((token, i) => (list[Number(first) + i] = Buffer.from(token, "base64")));
  }

  for (let rank = 0; rank < list.length; rank++) {
    if (list[rank] === undefined) {
      throw new Error(`${name}: no token has rank ${rank}`);
    }
  }

  return list;
}

export const encoding = (name) => get_encoding(name);

/** Every scalar value that a one-character pattern matches, asked of tiktoken's own regex engine: text outside a match yields no token. */
export function matching(pattern) {
  const bytes = Array.from({ length: 256 }, (_, b) => Buffer.from([b]).toString("base64")).join(" ");
  const probe = new Tiktoken(`! 0 ${bytes}`, {}, pattern);
  const found = new Set();
  for (let start = 0; start < 0x110000; start += 0x1000) {
    const text = Array.from({ length: 0x1000 }, (_, i) => start + i)
      .filter((c) => c < 0xd800 || c > 0xdfff)
      .map((c) => String.fromCodePoint(c))
      .join("");
    for (const c of Buffer.from(probe.encode_ordinary(text)).toString("utf8")) {
      found.add(c.codePointAt(0));
    }
  }

  probe.free();
  return found;
}

/** An unsigned LEB128 number. */
export function varint(value) {
  const bytes = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) {
    bytes.push((value % 128) | 0x80);
  }

  bytes.push(value);
  return Buffer.from(bytes);
}
