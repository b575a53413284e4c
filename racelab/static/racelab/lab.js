// The lab's page: asks for the state once a second while it can be seen, and sends what its controls are set to.

import { figures, plotLag, verdict } from "./chart.js";
import { startTour } from "./tour.js";

const lab = document.getElementById("lab");
const byId = (id) => document.getElementById(id);
const LOOK = 1000; // milliseconds between two looks
const KEEP = 20000; // … and between two renewals of the lease, also while the page is hidden: it lasts 90 s
const samples = {}; // by alias: pairs of a time and a lag
const touched = {}; // by alias: until when a slider that was just moved is not set back
const labels = Object.fromEntries([...lab.querySelectorAll(".choice")].map((choice) => [choice.querySelector("input").value, choice.textContent.trim()]));
const cards = [...lab.querySelectorAll('[data-role="replica"]')];
const linked = new URLSearchParams(location.search).get("run"); // a race that a link brings back
let shownRun = null;
let shownHistory = null;
let wanted = linked;

function show(problem) {
  byId("problem").textContent = problem;
  byId("problem").hidden = !problem;
}

function form(fields = []) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", lab.querySelector("[name=csrfmiddlewaretoken]").value);
  data.set("page", lab.dataset.page);
  for (const [name, value] of fields) data.append(name, value);
  return data;
}

async function send(path, fields) {
  try {
    const response = await fetch(lab.dataset.url + path, { method: "POST", body: form(fields), headers: { Accept: "application/json" } });
    const failed = response.status === 503 ? "The site cannot do that now: the primary does not answer." : `The site says ${response.status}.`;
    const answer = await response.json().catch(() => ({ error: failed }));
    if (path !== "keep/") show(answer.error ?? ""); // nobody has asked for that one
    return response.ok;
  } catch {
    nobodyAnswers();
    return false;
  }
}

function setText(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function nobodyAnswers() {
  show("The site does not answer. What stood here is not known to be true any more.");
  for (const card of lab.querySelectorAll(".node")) showGone(card, "the site does not answer");
}

// A node that does not answer is grey, and nothing that it said before is shown as if it were so now.
function showGone(card, problem) {
  card.classList.remove("is-well", "is-late", "is-out");
  card.classList.add("is-gone");
  const [state, , words] = problem.match(/^([^:]*)(: (.*))?$/).slice(1).map((each) => each ?? "");
  setText(card.querySelector(".node-state"), words);
  setText(card.querySelector(".number"), state);
  setText(card.querySelector(".unit"), "");
  setText(card.querySelector(".position"), "not known");
  setText(card.querySelector(".row"), "not known");
  card.querySelector(".row").classList.remove("is-old");
  setDisabled(card, true);
}

function setDisabled(card, isDisabled) {
  for (const control of card.querySelectorAll(".node-controls button, .node-controls input")) control.disabled = isDisabled;
}

function showNode(node, newest) {
  const card = byId(`node-${node.alias}`);
  const isReplica = card.dataset.role === "replica";
  if (isReplica) {
    const own = (samples[node.alias] ??= []);
    own.push([node.time, node.lag ?? null]);
    if (own.length > 90) own.shift();
    setText(card.querySelector(".plot-top"), `top: ${plotLag(card.querySelector(".plot"), own, node.time)} s`);
  }
  if (node.role === undefined) {
    if (node.problem) showGone(card, node.problem);
    return;
  }
  const isPrimary = node.role === "primary";
  const isOut = Boolean(node.problem);
  const isLate = !isPrimary && (node.lag?.[1] !== 0 || node.paused);
  card.classList.remove("is-gone");
  setDisabled(card, false);
  card.classList.toggle("is-out", isOut);
  card.classList.toggle("is-late", !isOut && isLate);
  card.classList.toggle("is-well", !isOut && !isLate);
  setText(card.querySelector(".node-state"), node.problem || (isPrimary ? "reads and writes" : node.paused ? "replay paused" : "streaming"));
  setText(card.querySelector(".number"), isPrimary ? (isReplica ? "promoted" : "all writes") : node.behind);
  setText(card.querySelector(".unit"), isPrimary ? "go here" : node.bytes ? `${node.bytes.toLocaleString("en")} bytes` : "");
  setText(card.querySelector(".position"), node.position);
  setText(card.querySelector(".row"), node.row ?? "not there");
  card.querySelector(".row").classList.toggle("is-old", newest !== undefined && (node.row ?? "") !== newest);
  if (!isReplica || isPrimary) return;
  const pause = card.querySelector(".pause");
  pause.setAttribute("aria-pressed", String(node.paused));
  pause.firstChild.textContent = node.paused ? "Resume replay" : "Pause replay";
  const slider = card.querySelector("input");
  if (Date.now() > (touched[node.alias] ?? 0)) slider.value = node.delay;
  setText(card.querySelector("output"), `${Number(slider.value)} s`);
}

function showRun(run) {
  const isRunning = run?.state === "running";
  byId("stop").hidden = !isRunning;
  byId("run").disabled = isRunning;
  for (const preset of lab.querySelectorAll(".preset")) preset.disabled = isRunning;
  byId("progress").hidden = !isRunning;
  byId("result").hidden = !run;
  byId("wrong").hidden = !run;
  if (!run) return;
  const rounds = run.routers.map((name) => run.results[name]?.rounds ?? 0).reduce((sum, each) => sum + each, 0);
  byId("progress").max = run.rounds * run.routers.length;
  byId("progress").value = rounds;
  const words = { running: "The race is on.", done: "The race is over.", stopped: "The race was stopped.", failed: `The race has ended. ${run.message}` };
  setText(byId("status"), words[run.state]);
  const key = JSON.stringify(run);
  if (key === shownRun) return;
  shownRun = key;
  byId("verdict").replaceChildren(...verdict(run, labels));
  byId("figures").replaceChildren(...run.routers.map((name) => figures(name, labels[name] ?? name, run.results[name])));
  const link = new URLSearchParams([...run.routers.map((name) => ["router", name]), ["n", run.rounds], ...Object.entries(run.lags), ["run", run.id]]);
  byId("again").href = `${lab.dataset.url}?${link}`;
  byId("csv").href = `${lab.dataset.url}race/${run.id}.csv`;
  byId("json").href = `${lab.dataset.url}race/${run.id}.json`;
  byId("round-links").hidden = !run.histories.length;
  if (!run.histories.length) {
    byId("whose").replaceChildren(isRunning ? "Nothing has gone wrong so far." : "Nothing went wrong.");
    byId("history").replaceChildren();
    shownHistory = null;
  } else showHistory(run, run.histories.includes(shownHistory?.name) && shownHistory.id === run.id ? shownHistory.name : run.histories[0]);
}

async function showHistory(run, name) {
  const others = run.histories.map((each) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: labels[each] ?? each });
    button.setAttribute("aria-pressed", String(each === name));
    button.addEventListener("click", () => showHistory(run, each));
    return button;
  });
  byId("whose").replaceChildren(...others);
  if (shownHistory?.id === run.id && shownHistory.name === name) return;
  shownHistory = { id: run.id, name };
  const url = `${lab.dataset.url}round/${run.id}/${name}`;
  byId("round").href = `${url}/`;
  byId("round-svg").href = `${url}.svg`;
  byId("round-json").href = `${url}.json`;
  const response = await fetch(`${url}.svg`);
  if (!response.ok) return;
  const drawn = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
  byId("history").replaceChildren(document.importNode(drawn.documentElement, true));
}

async function look() {
  if (document.hidden) return;
  try {
    const query = wanted ? `?run=${encodeURIComponent(wanted)}` : "";
    const response = await fetch(`${lab.dataset.url}state/${query}`, { headers: { "X-Ticket": lab.dataset.ticket }, signal: AbortSignal.timeout(5000) });
    if (response.status === 404) return show("This page is too old. Load it again.");
    const state = await response.json();
    const primary = state.nodes.find((node) => node.role === "primary");
    for (const node of state.nodes) showNode(node, primary && (primary.row ?? ""));
    showRun(state.run);
    if (byId("problem").textContent.startsWith("The site does not answer")) show("");
  } catch {
    nobodyAnswers();
  }
}

export async function setLag(name, seconds) {
  const card = byId(`node-${name}`);
  touched[name] = Date.now() + 3000;
  card.querySelector("input").value = seconds;
  setText(card.querySelector("output"), `${Number(seconds)} s`);
  return send(`replica/${name}/`, [["seconds", seconds]]);
}

export async function race() {
  byId("run").disabled = true;
  wanted = null;
  const isOn = await send("run/", new FormData(byId("race")));
  if (isOn) setText(byId("status"), "The race is on.");
  else byId("run").disabled = false;
  return isOn;
}

export const saveARow = () => send("write/");

for (const card of cards) {
  const { name } = card.dataset;
  const slider = card.querySelector("input");
  if ("linked" in lab.dataset) touched[name] = Infinity; // a link's lags count when the race is run, or one is moved
  slider.addEventListener("input", () => {
    touched[name] = Date.now() + 3000;
    setText(card.querySelector("output"), `${Number(slider.value)} s`);
  });
  slider.addEventListener("change", () => setLag(name, slider.value));
  const pause = card.querySelector(".pause");
  pause.addEventListener("click", async () => {
    await send(`replica/${name}/`, [["paused", pause.getAttribute("aria-pressed") === "true" ? "no" : "yes"]]);
    look();
  });
}

for (const preset of lab.querySelectorAll(".preset")) {
  preset.addEventListener("click", async () => {
    for (const { dataset: { name } } of cards) if (!(await setLag(name, preset.dataset[name]))) return;
    race();
  });
}

byId("write").addEventListener("click", saveARow);
byId("stop").addEventListener("click", () => send("stop/"));
byId("race").addEventListener("submit", (event) => {
  event.preventDefault();
  for (const { dataset: { name } } of cards) touched[name] = Date.now() + 3000;
  race();
});
byId("tour").addEventListener("click", () => startTour({ setLag, saveARow, race }));
if (new URLSearchParams(location.search).has("tour")) startTour({ setLag, saveARow, race });
addEventListener("pagehide", () => navigator.sendBeacon(`${lab.dataset.url}release/`, form()));
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK);
setInterval(() => send("keep/"), KEEP);
look();
