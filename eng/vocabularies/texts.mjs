// The texts of the golden vectors, all our own, and a seeded source of hostile ones.

const prose = {
  english: "The proxy had been running for eleven days when somebody finally asked what it cost. Nobody knew; the invoice wasn't due until Friday, and the graphs—lovely graphs!—showed everything except money. \"We'll measure it,\" said Ada, \"and then we'll know.\" They'd measured worse things before.",
  german: "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. Die Straße war naß, die Füße auch; ÜBERMÄSSIG GROSSE WÖRTER wie Donaudampfschifffahrtsgesellschaftskapitän störten niemanden.",
  french: "L'été dernier, j'ai déjeuné chez Zoé : « c'était délicieux ! » Elle n'aurait pas dû payer 12,50 € pour ça. Où est passé l'œuf d'Agnès ?",
  spanish: "¿Cuánto cuesta el kilómetro? El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia y frío; añoraba a su querido cachorro. ¡Qué vergüenza!",
  polish: "Zażółć gęślą jaźń. Szczebrzeszyn, chrząszcz brzmi w trzcinie, a źdźbło trawy się ugięło.",
  turkish: "İstanbul'da IĞDIR'lı bir ışık ustası, şoföre çay ısmarladı. Pijamalı hasta yağız şoföre çabucak güvendi.",
  vietnamese: "Một con chó nhỏ chạy qua cầu lúc nửa đêm. Trường học ở thành phố Hồ Chí Minh rất đông người, phải không?",
  russian: "Съешь же ещё этих мягких французских булок, да выпей чаю. ЗАГЛАВНЫЕ и строчные, Ёлка и подъезд; 2024-й год.",
  ukrainian: "Щастям б'ється мій ґедзь; хай жує ф'ючерси на п'ятьох юних свиней. Їжак з'їв яблуко.",
  greek: "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. ΤΑΧΙΣΤΗ ΑΛΩΠΗΞ βαφής ψημένη γη, δρασκελίζει υπέρ νωθρού κυνός.",
  hebrew: "דג סקרן שט בים מאוכזב ולפתע מצא חברה. שָׁלוֹם עֲלֵיכֶם, מה שלומך היום?",
  arabic: "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر. السَّلَامُ عَلَيْكُمْ، كيف حالك؟ ١٢٣٤٥",
  persian: "بر اثر چنین تلقین و شست‌وشوی مغزی جامعه، خانه‌ها می‌خواهند. ۱۲۳۴",
  hindi: "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश करने वाले विष्णुवतार। क्या हाल है? १२३",
  tamil: "யாமறிந்த மொழிகளிலே தமிழ்மொழி போல் இனிதாவது எங்கும் காணோம்.",
  thai: "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า กว่าบรรดาฝูงสัตว์เดรัจฉาน ๑๒๓",
  burmese: "မြန်မာစာ စမ်းသပ်ခြင်း ဖြစ်ပါသည်။",
  georgian: "ქართული ენა ძალიან ლამაზია; მთავრული ᲥᲐᲠᲗᲣᲚᲘ ასოები.",
  armenian: "Բոլոր մարդիկ ծնվում են ազատ ու հավասար։ ՀԱՅԵՐԵՆ",
  amharic: "ሰላም ለሁላችሁ። ይህ ሙከራ ነው፤ ፩፪፫",
  chinese: "缓存代理把重复的提示前缀记住,于是第二次调用便宜得多。她说:“今天气温是23.5度,我们去公园吧!”然后大家都笑了。",
  traditional: "臺灣的夜市在晚上十點以後最熱鬧,攤販們叫賣著臭豆腐與珍珠奶茶。",
  japanese: "いろはにほへと ちりぬるを。プロキシはプロンプトの接頭辞をキャッシュします。ヴァイオリン、ｶﾀｶﾅ、㍻、東京タワー123号。",
  korean: "키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다. 캐시 적중률이 99.9%입니다! 한글 자모.",
  mixed: "Ciао (смешанный) text 混在 مع العربية und Deutsch, naïve café № 5 ½ ² Ⅻ ① ﬁ ǅ ʰ ª º.",
};

const code = {
  csharp: "namespace Demo;\n\npublic sealed record Order(int Id, decimal Total)\n{\n    public bool IsLarge => Total >= 1_000m;   // über\n\n    public override string ToString() => $\"#{Id:D5} {Total:C}\";\n}\n",
  python: "def fib(n: int) -> list[int]:\n    \"\"\"Return n numbers.\"\"\"\n    a, b, out = 0, 1, []\n    while len(out) < n:\n        out.append(a)\n        a, b = b, a + b\n    return out\n\n\nif __name__ == '__main__':\n\tprint(fib(10), end='\\n\\n')\n",
  javascript: "const xs = [1, 2, 3].map((x) => x ** 2)?.filter(Boolean) ?? [];\n// https://example.org/a/b//c\nfor await (const { id: userID, ...rest } of pages()) { console.log(`${userID}`, rest); }\r\n",
  rust: "impl<'a, T: 'a + Clone> Iter<'a, T> {\n    fn next(&mut self) -> Option<&'a T> { self.inner.get(self.pos).map(|x| { self.pos += 1; x }) }\n}\n",
  sql: "SELECT u.id, COUNT(*) AS n FROM users u LEFT JOIN orders o ON o.user_id = u.id WHERE o.created_at >= '2024-01-01' GROUP BY 1 HAVING COUNT(*) > 3;--x",
  shell: "#!/bin/sh\nset -eu\nfind . -name '*.log' -mtime +7 -print0 | xargs -0 rm -f -- 2>/dev/null || true\n",
  html: "<!doctype html>\n<html lang=\"en\"><body class='x-1'>\n\t<p>5 &lt; 6 &amp;&amp; 7</p>\n</body></html>\n",
  json: "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\\n\\u00e9\"},{\"role\":\"tool\",\"tool_call_id\":\"call_9aZ\",\"content\":\"{\\\"t\\\":-12.5e3}\"}],\"n\":1,\"stream\":true,\"stop\":null}",
  yaml: "on:\n  push:\n    branches: [ main ]\njobs:\n  build:\n    steps:\n      - run: |\n          make -j4\n",
  diff: "--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-old  line\n+new\tline\n \n",
  base64: "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZy4gMTIzNDU2Nzg5MA==",
  hex: "deadbeef 0xDEADBEEF 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  uuid: "550e8400-e29b-41d4-a716-446655440000 2024-02-30T25:61:61.123456789Z 192.168.0.1:8080 ::1",
};

const special = {
  "special tokens": "<|endoftext|> <|endofprompt|><|fim_prefix|>a<|fim_middle|>b<|fim_suffix|><|im_start|>user<|im_sep|><|im_end|> <|start|>assistant<|channel|>final<|message|>",
  emoji: "👋🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇯🇵 ❤️‍🔥 1️⃣ #️⃣ 🫠🪿🫨 👩🏿‍🚀✈️ ⌚️⌚︎",
  zalgo: "Z̸̢̛͔a̵͚͌l̷̰̊g̶̠̈́o̴̗͝ e\u0301 \u0301e \u0301 \u0301\u0301A \u0301AB'S a\u0301B\u0301c",
  contractions: "I'm you're he's we'll they'd I've can't I'M YOU'RE HE'S WE'LL THEY'D I'VE CAN'T it'ſ IT'ſ o'clock 'sup 'tis 'REal 'lla x'dy don’t a'b 's't'm ''s 1's é's 中's ɑ'LL'LL",
  digits: "1 12 123 1234 12345 123456 1234567 3.14159 1,000,000 ٣٤٥٦٧ ⅷⅸⅹⅺ ½¾ ²³¹ 𝟘𝟙𝟚𝟛 一二三 12a34 a1b2 007",
  "mixed white space": "a b  c   d\te\t\tf \tg\t h\n i\n\n  j\r\nk\r\n\r\n  l \n \n m\u00a0n\u00a0\u00a0o\u2003p\u3000q\u2028r\u2029s\u0085t\u000bu\u000cv \u00a0 w  \n",
  "white space at the end": "x   ",
  "line break at the end": "x \n \n",
  "only spaces": "       ",
  "only line breaks": "\n\r\n\n\r\r",
  "no-break spaces": "\u00a0\u00a0 \u00a0x\u202fy\u205f",
  "not white space": "a\u200bb\ufeffc\u180ed\u2060e",
  slashes: "a/b//c ///\n//\n/x \n/ http://x/y/\r\n/\n!/\n\n//!?/\n ./../ \\\\ //\n\n/a",
  punctuation: "...!?;:--__**##@@$$%%^^&&(([[{{<<>>}}]]))~~``||++== -> => != === ?. ?? :: // /* */ <!-- --> «» „“ ‚‘ … – — ¡¿",
  camel: "camelCase PascalCase HTTPServer XMLHttpRequest iPhone eBay McDonald's ABCdefGHI aBcDeF ǅungla ǈubav ʰa ªBC ABªCD中A中a中B",
  "caseless before upper": "ªBC\nʰA !ªBC中A\n中AB中CD ˡՎՎ ªBc \u0301AB",
  controls: "\u0000\u0001\u0002\u001b[31mred\u001b[0m\u007f\u0080\u009f",
  "replacement character": "\ufffd a\ufffdb \ufffd\ufffd",
  noncharacters: "\uffff\ufffe\u{1ffff}\u{10ffff}\ufdd0",
  empty: "",
  one: "a",
};

/** What costs other engines quadratic time. tiktoken's own white-space look-ahead gives up on more than it can backtrack, so these stay modest. */
const runs = {
  "run of a": "a".repeat(5000),
  "run of A": "A".repeat(4097),
  "run of ab": "ab".repeat(6000),
  "run of spaces": " ".repeat(5001),
  "run of spaces, then a word": " ".repeat(5000) + "x",
  "run of tabs": "\t".repeat(4500),
  "run of line breaks": "\n".repeat(5003),
  "run of CR LF": "\r\n".repeat(2501),
  "run of dashes": "-".repeat(9001),
  "run of !?": "!?".repeat(4444),
  "run of slashes": "/".repeat(5000),
  "run of one ideograph": "中".repeat(3000),
  "run of ideographs": Array.from({ length: 4000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7919) % 20000))).join(""),
  "run of hangul": Array.from({ length: 3000 }, (_, i) => String.fromCodePoint(0xac00 + ((i * 6151) % 11000))).join(""),
  "run of emoji": "😀🎉".repeat(1200),
  "run of marks": "\u0301".repeat(3000),
  "run of digits": "0123456789".repeat(500),
  "run of words without spaces": "thequickbrownfoxjumpsoverthelazydog".repeat(300),
};

export function* fixed() {
  for (const group of [prose, code, special, runs]) {
    for (const [name, text] of Object.entries(group)) {
      yield [name, text];
    }
  }

  yield ["all prose", Object.values(prose).join("\n\n")];
  yield ["all code", Object.values(code).join("\n")];

  // Every plane, sampled: neighbours and strangers.
  for (let plane = 0; plane <= 16; plane++) {
    let text = "";
    for (let i = 0; i < 600; i++) {
      const c = plane * 0x10000 + ((i * 109) % 0x10000);
      text += c >= 0xd800 && c <= 0xdfff ? "" : String.fromCodePoint(c) + (i % 7 === 0 ? " " : "");
    }

    yield [`plane ${plane}`, text];
  }
}

/** Mulberry32 (public domain): small, and the same everywhere. */
export function generator(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const atoms = [
  "a", "b", "Z", "Q", "é", "ß", "Ω", "я", "Ж", "中", "文", "の", "ア", "한", "ع", "ש", "क", "ǅ", "ʰ", "ª", "º", "ˡ", "ˡՎ", "ªB", "\u0301", "\u0308", "\u093f", "\u20dd",
  "0", "7", "42", "٣", "½", "Ⅷ", " ", " ", "  ", "\t", "\n", "\r\n", "\r", "\n\n", "\u00a0", "\u3000", "\u0085", "\u2028", "\u200b", "\u200d",
  "/", "//", "\\", "'", "'s", "'S", "'ſ", "'ll", "'LL", "'Re", "'ve", "'d", "'M", "'t", "’s", "\"", "{", "}", "(", ")", "<|", "|>", "endoftext",
  ".", ",", "!", "?", "-", "_", "#", "$", "€", "©", "😀", "👍🏽", "👨‍👩‍👧", "\u{20000}", "\u{1d400}", "\u{10400}", "\u{10428}", "\u{e0100}", "\ufffd", "\u0000",
  "the", "The", "THE", "ing", "tion", "hello", "World", "return", "self.", "if (", "0x", "http://", "日本語", "при", "ένα", "ﬁ",
];

function* randomText(next) {
  switch (next(6)) {
    case 0: // a few characters of anywhere
      for (let i = 1 + next(12); i > 0; i--) {
        const c = next(4) === 0 ? next(0x110000) : next(0x3000);
        yield String.fromCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c);
      }

      break;
    case 1: // words of letters
      for (let i = 1 + next(8); i > 0; i--) {
        yield Array.from({ length: 1 + next(12) }, () => String.fromCharCode(97 + next(26) - (next(8) === 0 ? 32 : 0))).join("") + (next(3) ? " " : "");
      }

      break;
    case 2: // bytes, seen as Latin-1
      yield Buffer.from(Array.from({ length: 1 + next(60) }, () => next(256))).toString("latin1");
      break;
    case 3: { // one thing again and again
      const atom = atoms[next(atoms.length)];
      yield atom.repeat(1 + next(150)) + atoms[next(atoms.length)];
      break;
    }

    default:
      for (let i = 1 + next(24); i > 0; i--) {
        yield atoms[next(atoms.length)];
      }
  }
}

export function random(next) {
  return [...randomText(next)].join("");
}
