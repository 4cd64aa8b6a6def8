/** What a person drags or pastes onto the page: files, those of folders, addresses, or a text. */

export interface Given { files: File[]; urls: string[]; text: string }

const MOST_FILES = 1000;

/** Reads a drop or a paste. What it holds must be taken at once; the files of folders come later. */
export async function given(data: DataTransfer): Promise<Given> {
  const items = [...data.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const lines = (data.getData("text/uri-list") || data.getData("text/plain")).split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  const text = data.getData("text/plain").trim();
  const urls = lines.filter(isAddress);
  const files: File[] = [];
  for (const entry of entries) {
    if (entry instanceof File) files.push(entry);
    else if (entry) await collect(entry, files);
  }
  // Words among the addresses make it a text that names some, not a list of them.
  return files.length > 0 ? { files, urls: [], text: "" } : urls.length === lines.length ? { files, urls, text: "" } : { files, urls: [], text };
}

export function isAddress(line: string): boolean {
  return /^https?:\/\/\S+$/i.test(line);
}

async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (entry.name.startsWith(".") || files.length >= MOST_FILES) return;
  if (isFile(entry)) {
    files.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A folder is told in stretches; the last one is empty.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const one of some) await collect(one, files);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

export function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
    reader.onerror = () => reject(reader.error ?? new Error("the file cannot be read"));
    reader.readAsDataURL(file);
  });
}
