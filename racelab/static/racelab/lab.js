// The lab's page: asks for the state once a second while it can be seen, and sends what its controls are set to.

import { plotLag, showBars } from "./chart.js";

const lab = document.getElementById("lab");
const byId = (id) => document.getElementById(id);
const LOOK = 1000; // milliseconds between two looks
const KEEP = 20000; // … and between two renewals of the lease, also while the page is hidden: it lasts 90 s
const samples = {}; // by alias: pairs of time and lag
const touched = {}; // by alias: until when a slider that was just moved is not set back
let shownRun = null;

function show(problem) {
  byId("problem").textContent = problem;
  byId("problem").hidden = !problem;
}

function form(fields = []) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", lab.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const [name, value] of fields) data.append(name, value);
  return data;
}

async function send(path, fields) {
  try {
    const response = await fetch(lab.dataset.url + path, { method: "POST", body: form(fields), headers: { Accept: "application/json" } });
    const answer = await response.json().catch(() => ({ error: `The server says ${response.status}.` }));
    show(answer.error ?? "");
    return response.ok;
  } catch {
    show("The server does not answer.");
    return false;
  }
}

const seconds = (value) => (value === null || value === undefined ? "?" : `${value.toFixed(1)} s`);

function showNode(node, newest) {
  const card = byId(`node-${node.alias}`);
  const text = (selector, value) => {
    const element = card.querySelector(selector);
    if (element.textContent !== value) element.textContent = value;
  };
  const isReplica = card.dataset.role === "replica";
  const isKnown = node.role !== undefined;
  const isOut = Boolean(node.problem);
  card.classList.toggle("is-out", isOut);
  card.classList.toggle("is-late", !isOut && isReplica && (node.lag !== 0 || node.paused));
  card.classList.toggle("is-well", !isOut && isKnown && !(isReplica && (node.lag !== 0 || node.paused)));
  text(".node-state", node.problem || (!isKnown ? "asking …" : node.paused ? "replay paused" : isReplica ? "streaming" : "read and written"));
  if (!isKnown) return;
  text(".position", node.position);
  text(".row", node.row ?? "not there");
  card.querySelector(".row").classList.toggle("is-old", (node.row ?? "") !== newest);
  if (!isReplica) return text(".number", "all writes");
  text(".number", seconds(node.lag));
  text(".unit", node.bytes ? `behind, ${node.bytes.toLocaleString("en")} bytes` : "behind");
  const own = (samples[node.alias] ??= []);
  own.push([node.time, node.lag]);
  if (own.length > 90) own.shift();
  text(".plot-top", `top: ${plotLag(card.querySelector(".plot"), own, node.time)} s`);
  const pause = card.querySelector(".pause");
  pause.setAttribute("aria-pressed", String(node.paused));
  pause.firstChild.textContent = node.paused ? "Resume replay" : "Pause replay";
  const slider = card.querySelector("input");
  if (Date.now() > (touched[node.alias] ?? 0)) slider.value = node.delay;
  card.querySelector("output").textContent = `${Number(slider.value)} s`;
}

function showRun(run) {
  byId("stop").hidden = run?.state !== "running";
  byId("run").disabled = run?.state === "running";
  byId("progress").hidden = run?.state !== "running";
  byId("result").hidden = !run;
  if (!run) return;
  const rounds = run.routers.map((name) => run.results[name]?.rounds ?? 0).reduce((sum, each) => sum + each, 0);
  byId("progress").max = run.rounds * run.routers.length;
  byId("progress").value = rounds;
  const words = { running: "The race is on.", done: "The race is over.", stopped: "The race was stopped.", failed: `The race failed. ${run.message}` };
  if (byId("status").textContent !== words[run.state]) byId("status").textContent = words[run.state];
  const key = `${run.id} ${rounds}`;
  if (key === shownRun) return;
  shownRun = key;
  showBars(byId("chart"), run);
  byId("figures").replaceChildren(...run.routers.map((name) => figures(name, run.results[name] ?? {})));
  const link = new URLSearchParams([...run.routers.map((name) => ["router", name]), ["n", run.rounds], ...Object.entries(run.lags)]);
  byId("again").href = `${lab.dataset.url}?${link}`;
}

function figures(name, result) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  row.append(head);
  const good = new Set(["rounds", "pages", "on_replicas", "milliseconds"]);
  for (const key of ["rounds", "pages", "stale", "not_found", "lost_logins", "errors", "on_replicas", "milliseconds"]) {
    const cell = row.insertCell();
    const unit = { on_replicas: " %", milliseconds: " ms" }[key] ?? "";
    cell.textContent = result[key] === undefined || result[key] === null ? "–" : `${result[key]}${unit}`;
    cell.classList.toggle("is-bad", !good.has(key) && result[key] > 0);
  }
  return row;
}

async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch(`${lab.dataset.url}state/`, { headers: { "X-Ticket": lab.dataset.ticket } });
    if (response.status === 404) return show("This page is too old. Load it again.");
    const state = await response.json();
    const primary = state.nodes.find((node) => node.role === "primary");
    for (const node of state.nodes) showNode(node, primary?.row ?? "");
    showRun(state.run);
  } catch {
    show("The server does not answer.");
  }
}

for (const card of lab.querySelectorAll('[data-role="replica"]')) {
  const { name } = card.dataset;
  const slider = card.querySelector("input");
  const hold = () => {
    touched[name] = Date.now() + 3000;
    card.querySelector("output").textContent = `${Number(slider.value)} s`;
  };
  slider.addEventListener("input", hold);
  slider.addEventListener("change", () => {
    hold();
    send(`replica/${name}/`, [["seconds", slider.value]]);
  });
  const pause = card.querySelector(".pause");
  pause.addEventListener("click", async () => {
    await send(`replica/${name}/`, [["paused", pause.getAttribute("aria-pressed") === "true" ? "no" : "yes"]]);
    look();
  });
}

byId("write").addEventListener("click", () => send("write/"));
byId("stop").addEventListener("click", () => send("stop/"));
byId("race").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("run").disabled = true;
  if (await send("run/", new FormData(event.target))) byId("status").textContent = "The race is on.";
  else byId("run").disabled = false;
});
addEventListener("pagehide", () => navigator.sendBeacon(`${lab.dataset.url}release/`, form()));
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK);
setInterval(() => send("keep/"), KEEP);
look();
