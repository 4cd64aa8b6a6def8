/** Whether a view of many actors shows only those that are resolved, or also who is merely named. */
import { address, setQuery } from "../address";

/** As the API asks it. */
export function named(): Record<string, string> {
  return address.value.query["named"] === "all" ? { named: "all" } : {};
}

export function Named() {
  return (
    <label class="inline">actors <select value={address.value.query["named"] ?? ""} onChange={(event) => setQuery({ named: event.currentTarget.value || undefined }, true)}>
      <option value="">resolved</option>
      <option value="all">all that are named</option>
    </select></label>
  );
}
