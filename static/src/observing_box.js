// What waits on the phone: encrypted bytes, under names that tell nobody whose they are.

export const DATABASE = "observing";
const STORE = "sheets";
const A_WEEK = 7 * 24 * 60 * 60 * 1000;

const answered = (request) =>
  new Promise((ok, failed) => {
    request.onsuccess = () => ok(request.result);
    request.onerror = () => failed(request.error);
  });

async function inStore(mode, use) {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" });
  const database = await answered(opening);
  try {
    return await answered(use(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

// A box holds the sheets of one observer of one clinic. A browser that lets us keep or lock
// nothing gets one that is memory alone.
export async function openBox(name, secret) {
  const text = new TextEncoder();
  let key = null;
  try {
    const raw = Uint8Array.from(atob(secret), (letter) => letter.charCodeAt(0));
    key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    await inStore("readonly", (store) => store.count());
  } catch {
    return { lasts: false, all: async () => [], put: async () => {}, remove: async () => {} };
  }
  const idOf = (number) => `${name}.${number}`;
  const locked = (id, iv) => ({ name: "AES-GCM", iv, additionalData: text.encode(id) });

  return {
    lasts: true,
    async put(number, value) {
      const id = idOf(number);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const plain = text.encode(JSON.stringify(value));
      const bytes = await crypto.subtle.encrypt(locked(id, iv), key, plain);
      await inStore("readwrite", (store) => store.put({ id, iv, bytes, at: Date.now() }));
    },
    async remove(number) {
      await inStore("readwrite", (store) => store.delete(idOf(number)));
    },
    async all() {
      const found = [];
      for (const { id, iv, bytes, at } of await inStore("readonly", (store) => store.getAll())) {
        if (id.startsWith(`${name}.`)) {
          try {
            const plain = await crypto.subtle.decrypt(locked(id, iv), key, bytes);
            const value = JSON.parse(new TextDecoder().decode(plain));
            found.push([Number(id.slice(name.length + 1)), value]);
            continue;
          } catch {
            // Nobody can read it any more.
          }
        } else if (Date.now() - at < A_WEEK) {
          continue; // somebody else's, who may come back for it
        }
        await inStore("readwrite", (store) => store.delete(id));
      }
      return found;
    },
  };
}
