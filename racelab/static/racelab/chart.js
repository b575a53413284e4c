// The lab's pictures: the lag of a replica over a minute, and what came of a race.

const MINUTE = 60; // seconds that a plot shows

export function svg(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

export function html(name, className, ...content) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

// Draw `samples`, pairs of a time and a lag: at least and at most so many seconds, or null where it was not known.
// Between the two bounds there is an area. Returns what the top stands for.
export function plotLag(picture, samples, now) {
  const shown = samples.filter(([time]) => now - time <= MINUTE);
  const top = Math.max(2, Math.ceil(Math.max(0, ...shown.map(([, lag]) => lag?.[1] ?? 0))));
  const x = (time) => (300 - ((now - time) / MINUTE) * 300).toFixed(1);
  const y = (lag) => (68 - (lag / top) * 64).toFixed(1);
  const runs = [[]]; // what was not known leaves a gap
  for (const [time, lag] of shown) lag ? runs.at(-1).push([time, lag]) : runs.push([]);
  picture.replaceChildren();
  for (const run of runs.filter((each) => each.length)) {
    const most = run.map(([time, lag]) => `${x(time)},${y(lag[1])}`);
    const least = run.map(([time, lag]) => `${x(time)},${y(lag[0])}`);
    picture.append(svg("polygon", { class: "below", points: `${x(run[0][0])},70 ${least.join(" ")} ${x(run.at(-1)[0])},70` }));
    picture.append(svg("polygon", { class: "between", points: [...most, ...least.reverse()].join(" ") }));
    picture.append(svg("polyline", { class: "curve", points: most.join(" ") }));
  }
  return top;
}

const LOSSES = [ // what, of what
  ["lost_logins", "rounds"],
  ["not_found", "news"],
  ["stale", "looks"],
];

// Return the verdict: a sentence for each router that lost something, and one for those that did not.
export function verdict(run, labels) {
  const well = [];
  const sentences = [];
  for (const name of run.routers.filter((each) => run.results[each]?.rounds)) {
    const { lost_logins: logins, rounds, not_found: missing, news, stale, looks, errors, saved, tried } = run.results[name];
    const losses = [];
    if (saved < tried) losses.push(`saved ${saved} of ${tried}`);
    if (logins) losses.push(`lost ${logins} of ${rounds} login${rounds === 1 ? "" : "s"}`);
    if (missing + stale) losses.push(`showed the past ${missing + stale} of ${news + looks} times`);
    if (errors) losses.push(`failed ${errors} times`);
    if (losses.length) sentences.push(html("span", name, `${labels[name] ?? name} ${list(losses)}.`), " ");
    else well.push(html("span", name, labels[name] ?? name));
  }
  if (well.length) sentences.push(...well.flatMap((each, number) => [number === 0 ? "" : number === well.length - 1 ? " and " : ", ", each]), html("span", well.at(-1).className, " lost nothing."));
  return sentences;
}

const list = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0]);

// Return the table's row for a router.
export function figures(name, label, result = {}) {
  const head = html("th", "", html("span", `key ${name}`), label);
  head.scope = "row";
  const row = html("tr", "", head, share("Saves that went through", result.saved, result.tried, true));
  const titles = { lost_logins: "Logins lost", not_found: "New story not there", stale: "Old story shown" };
  for (const [key, of] of LOSSES) row.append(share(titles[key], result[key], result[of]));
  row.append(cell("Errors", result.errors ?? "–", result.errors > 0));
  for (const [title, value, unit] of [["From replicas", result.on_replicas, "%"], ["A page takes", result.page_time, "ms"], ["A save takes", result.save_time, "ms"]])
    row.append(cell(title, value === undefined || value === null ? "–" : `${Math.round(value).toLocaleString("en")} ${unit}`));
  const marks = (result.marks ?? []).map((wrong) => {
    const mark = html("span", wrong.length ? "mark is-bad" : "mark", wrong.length ? "✕" : "✓");
    mark.title = wrong.join(", ") || "nothing went wrong";
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", mark.title);
    return mark;
  });
  const all = html("td", "marks", ...marks);
  all.dataset.title = "Round by round";
  row.append(all);
  return row;
}

function cell(title, text, isBad = false) {
  const made = html("td", isBad ? "is-bad" : "", String(text));
  made.dataset.title = title;
  return made;
}

// A count with its bar: a share of its own whole, so that bars compare wherever they stand.
function share(title, count, of, isGood = false) {
  if (!of) return cell(title, "–");
  const bar = svg("svg", { class: "share", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
  bar.append(svg("rect", { class: "track", width: 100, height: 8 }), svg("rect", { class: "part", width: (100 * count) / of, height: 8 }));
  const isBad = isGood ? count < of : count > 0;
  const made = html("td", isBad ? "is-share is-bad" : "is-share", html("span", "count", `${count} of ${of}`), bar);
  made.dataset.title = title;
  return made;
}
