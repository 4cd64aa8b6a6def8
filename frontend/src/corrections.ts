/** What a person decides: sent to the server, said in a line, and taken back on wish. */
import { generation, inWords, post } from "./api";
import { say } from "./parts/notice";

export type Decision =
  | { action: "accept" | "reject"; id: string }
  | { action: "set"; id: string; field: string; value: string }
  | { action: "merge"; a: string; b: string }
  | { action: "split"; a: string };

const WORDS: Record<Decision["action"], string> = {
  accept: "Accepted.",
  reject: "Rejected; views leave it out.",
  set: "Changed.",
  merge: "Merged.",
  split: "Split again.",
};

/** Makes a correction; false where the server refused it (which is said). */
export async function correct(decision: Decision): Promise<boolean> {
  try {
    await post("corrections", decision);
    say(WORDS[decision.action], { undo: () => void undo() });
    generation.value += 1;
    return true;
  } catch (error) {
    say(inWords(error), { bad: true });
    return false;
  }
}

/** Withdraws a correction; without an id the latest that holds. */
export async function undo(id?: number): Promise<void> {
  try {
    await post("corrections/undo", id === undefined ? {} : { id });
    say("Taken back.");
    generation.value += 1;
  } catch (error) {
    say(inWords(error), { bad: true });
  }
}
