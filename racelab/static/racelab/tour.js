// "Show me": six stops that set a lag, save, race, and point at what to look at.

const byId = (id) => document.getElementById(id);
const STOPS = [
  ["#nodes", "Three PostgreSQL servers. All writes go to the primary. The replicas replay what it has written, usually within a millisecond: they are up to date.", ({ setLag }) => everywhere(setLag, 0)],
  ["#node-default, #nodes", "Save a row, and every node shows it at once. Nothing is wrong yet, and on most days nothing will be.", ({ saveARow }) => saveARow()],
  [".nodes .node:last-child", "Now this replica is five seconds late, as after a long report or a burst of writes. The row was saved again. Who reads from here sees the past.", async ({ setLag, saveARow }) => (await setLag(last(), 5)) && (await pause(1500)) && saveARow()],
  ["#race", "The race. An editor logs in, publishes, edits, and looks, with each router in turn, while both replicas are one second late.", async ({ setLag, race }) => { await everywhere(setLag, 1); byId("race").elements.n.value = 2; return race(); }],
  ["#result", "What she got to see. Each router had the same rounds. A bar that is full means: every time.", () => {}],
  ["#wrong", "One history explains more than counts do: who did what, when, which server answered, and how far each of them was. The red line is the moment at which the editor saw the past.", ({ setLag }) => everywhere(setLag, 0)],
];
const names = () => [...document.querySelectorAll('[data-role="replica"]')].map((card) => card.dataset.name);
const last = () => names().at(-1);
const pause = (milliseconds) => new Promise((done) => setTimeout(() => done(true), milliseconds));
const everywhere = async (setLag, seconds) => {
  for (const name of names()) await setLag(name, seconds);
};
let panel = null;

export function startTour(controls) {
  panel?.remove();
  panel = document.createElement("aside");
  panel.className = "tour";
  panel.setAttribute("aria-label", "The tour");
  const text = document.createElement("p");
  text.setAttribute("role", "status");
  const [back, next, end] = ["Back", "Next", "End"].map((name) => Object.assign(document.createElement("button"), { type: "button", textContent: name }));
  panel.append(text, back, next, end);
  document.getElementById("lab").append(panel);
  let number = 0;
  const stop = () => {
    point(null);
    panel.remove();
    panel = null;
  };
  const go = async (to) => {
    number = to;
    const [selector, words, act] = STOPS[number];
    text.textContent = `${number + 1} of ${STOPS.length}. ${words}`;
    back.disabled = number === 0;
    next.textContent = number === STOPS.length - 1 ? "Done" : "Next";
    point([...document.querySelectorAll(selector)].find((each) => !each.hidden));
    await act(controls);
  };
  back.addEventListener("click", () => go(number - 1));
  next.addEventListener("click", () => (number === STOPS.length - 1 ? stop() : go(number + 1)));
  end.addEventListener("click", stop);
  next.focus();
  return go(0);
}

function point(element) {
  for (const each of document.querySelectorAll(".is-pointed-at")) each.classList.remove("is-pointed-at");
  element?.classList.add("is-pointed-at");
  element?.scrollIntoView({ block: "nearest" });
}
