// The lab's pictures, as plain SVG: the lag of a replica over a minute, and the bars of the race.

const MINUTE = 60; // seconds that a plot shows

function svg(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// Draw `samples`, pairs of a time and a lag in seconds (null where it was not known). Returns what the top stands for.
export function plotLag(picture, samples, now) {
  const known = samples.filter(([time, lag]) => lag !== null && now - time <= MINUTE);
  const top = Math.max(2, Math.ceil(Math.max(0, ...known.map(([, lag]) => lag))));
  const points = known.map(([time, lag]) => [300 - ((now - time) / MINUTE) * 300, 68 - (lag / top) * 64]);
  picture.replaceChildren();
  if (!points.length) return top;
  const line = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const [first, last] = [points[0][0], points.at(-1)[0]].map((x) => x.toFixed(1));
  picture.append(svg("polygon", { class: "area", points: `${first},70 ${line} ${last},70` }));
  picture.append(svg("polyline", { class: "curve", points: line }));
  return top;
}

const KINDS = [
  ["Stale pages", "stale", "pages"],
  ["404s of stories just published", "not_found", "rounds"],
  ["Lost logins", "lost_logins", "rounds"],
];

// Show the bars of `run`: what went wrong, side by side, one group for each way to go wrong.
export function showBars(place, run) {
  let groups = place.querySelector(".bars");
  if (!groups || groups.dataset.run !== run.id) {
    groups = document.createElement("div");
    groups.className = "bars";
    groups.dataset.run = run.id;
    for (const [title] of KINDS) {
      const group = document.createElement("div");
      group.append(document.createElement("h3"), svg("svg", { viewBox: `0 0 400 ${run.routers.length * 42}`, role: "img" }));
      group.firstChild.textContent = title;
      groups.append(group);
    }
    place.replaceChildren(groups);
  }
  const most = Math.max(1, ...KINDS.flatMap(([, key]) => run.routers.map((name) => run.results[name]?.[key] ?? 0)));
  KINDS.forEach(([title, key, of], number) => {
    const picture = groups.children[number].querySelector("svg");
    const words = run.routers.map((name) => `${name} ${run.results[name]?.[key] ?? 0}`);
    picture.setAttribute("aria-label", `${title}: ${words.join(", ")}`);
    run.routers.forEach((name, row) => drawBar(picture, name, row, run.results[name], key, of, most));
  });
}

function drawBar(picture, name, row, result, key, of, most) {
  const y = row * 42;
  let bar = picture.querySelector(`rect.${name}`);
  if (!bar) {
    picture.append(svg("text", { x: 0, y: y + 22 }, name));
    picture.append(svg("rect", { class: "track", x: 92, y: y + 4, width: 220, height: 27, rx: 2 }));
    bar = svg("rect", { class: name, x: 92, y: y + 4, width: 0, height: 27, rx: 2 });
    picture.append(bar, svg("text", { class: `value-${name}`, x: 322, y: y + 22 }));
  }
  const count = result?.[key] ?? 0;
  bar.setAttribute("width", (count / most) * 220);
  picture.querySelector(`.value-${name}`).textContent = key === "stale" ? `${count} of ${result?.[of] ?? 0}` : count;
}
