import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A modal dialog of the browser's own, which keeps the focus inside and gives it back when it closes. */
export function Dialog({ title, onClose, children, side = false }: { title: string; onClose: () => void; children: ComponentChildren; side?: boolean }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
    // A form is there to be filled in: its first field is where one begins, not the button that closes it.
    dialog?.querySelector<HTMLElement>("form select, form input")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog ref={box} class={side ? "side" : ""} aria-label={title} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <header class="dialog-head">
        <h2>{title}</h2>
        <button type="button" class="plain" onClick={onClose} aria-label={`Close: ${title}`}>✕</button>
      </header>
      {children}
    </dialog>
  );
}
