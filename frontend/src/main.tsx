/** Where the page begins. */
import { render } from "preact";
import "./app.css";
import { listen } from "./live";
import { Shell } from "./shell";

const place = document.getElementById("page");
if (place) {
  render(<Shell />, place);
  listen();
}
