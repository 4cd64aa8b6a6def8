/** One line that says what was done or why not, with a way back where there is one. */
import { signal } from "@preact/signals";

interface Notice { words: string; bad: boolean; undo?: () => void }

export const notice = signal<Notice | null>(null);
let timer = 0;

export function say(words: string, options: { bad?: boolean; undo?: () => void } = {}): void {
  notice.value = { words, bad: options.bad ?? false, ...(options.undo ? { undo: options.undo } : {}) };
  clearTimeout(timer);
  timer = setTimeout(() => { notice.value = null; }, options.bad ? 12000 : 6000) as unknown as number;
}

export function NoticeLine() {
  const now = notice.value;
  return (
    <div class="notice-place" role="status" aria-live="polite">
      {now && (
        <div class={now.bad ? "notice bad" : "notice"}>
          <span>{now.words}</span>
          {now.undo && <button type="button" onClick={now.undo}>Undo</button>}
          <button type="button" class="plain" aria-label="Close the message" onClick={() => { notice.value = null; }}>✕</button>
        </div>
      )}
    </div>
  );
}
