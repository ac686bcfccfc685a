// A config in an address: deflated, in base64url, behind the "#", which browsers send to no server.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const LONGEST = 32 * 2 ** 10; // letters of a link's config
  const LARGEST = 2 ** 20; // bytes of what it unpacks to
  const CHANGED = "The config in this link can’t be read: it was cut or changed on the way. Ask for the link again.";

  // What comes through a stream of the platform's, as long as it is no more than so many bytes.
  const through = async (bytes, stream, most, refusal) => {
    const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
    const parts = [];
    let size = 0;
    for (;;) {
      const { value, done } = await reader.read().catch(() => { throw new Error(CHANGED); });
      if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
      size += value.length;
      if (size > most) { reader.cancel(); throw new Error(refusal()); }
      parts.push(value);
    }
  };
  const kib = (bytes) => `${Math.ceil(bytes / 1024)} KiB`;

  gallery.configLink = {
    // The fragment of a config, and whether its type is guessed. An Error says why there is none.
    written: async (text, guessed) => {
      const most = Math.floor((LONGEST * 3) / 4);
      const long = () => `This config is too long for a link: packed, it has more than ${kib(LONGEST)}. Download it instead.`;
      const packed = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"), most, long);
      const letters = btoa(String.fromCharCode(...packed)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
      return `#config=${letters}${guessed ? "&guess=yes" : ""}`;
    },
    // What a fragment carries; null where it carries no config. An Error says what is wrong with it.
    read: async (fragment) => {
      const said = new URLSearchParams(fragment.slice(1));
      const letters = said.get("config");
      if (letters === null) return null;
      if (letters.length > LONGEST) throw new Error(`The config in this link has more than ${kib(LONGEST)}. Paste the config itself.`);
      if (!/^[\w-]+$/.test(letters) || letters.length % 4 === 1) throw new Error(CHANGED);
      const packed = Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
      const large = () => "The config in this link unpacks to more than 1 MiB. Nothing was described.";
      const bytes = await through(packed, new DecompressionStream("deflate-raw"), LARGEST, large);
      try {
        return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), guessed: said.get("guess") === "yes" };
      } catch { throw new Error(CHANGED); }
    },
  };
})();
