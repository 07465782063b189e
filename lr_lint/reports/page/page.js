/* The page of `lr-lint report`. Plain ES2020, no modules, no build step.

   All that is shown comes from the JSON in #data. It holds text of the code that was checked, so it is made text of the
   page (textContent) and never markup: nothing here assigns innerHTML. The Content-Security-Policy of the page allows no
   request and no other script than this one and the plotting library (uPlot) before it.

   One scheduler is a card: <li><article>. Cards are made once, and filters hide them. Where there are many, a plot is made
   when its card comes near the window and let go when it is far away, so that a thousand of them stay cheap; of a few all
   are drawn, so that a picture of the whole page has them. */
"use strict";

(() => {
  const DATA = JSON.parse(document.getElementById("data").textContent);
  const VERDICTS = [
    { name: "contradicts", sign: "✕", about: "does not fit its optimizer" },
    { name: "undecided", sign: "?", about: "not known, with the reason" },
    { name: "consistent", sign: "✓", about: "fits its optimizer" },
  ];
  const MOST_GROUPS_DRAWN = 6; // more lines than these cannot be told apart
  const MOST_ROWS = 500; // of a table of numbers
  const WIDE = 50; // from this ratio of what was meant and what is on, a linear scale shows one of them at zero
  const DECADES = 6; // of a logarithmic scale, below its highest value
  const FEW = 40; // so many cards are cheap to lay out and to draw at once
  const NEAR = DATA.sites.length > FEW ? "600px" : "1000000px"; // a plot is made when it is that close to the window

  // --- Small helpers -------------------------------------------------------------------------------------------------

  const byId = (id) => document.getElementById(id);

  /** An element with attributes (null leaves one out; a function is a listener) and children (text is text). */
  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") made.addEventListener(name, value);
      else made.setAttribute(name, value === true ? "" : String(value));
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }

  /** A number for a person, with up to six digits: 0.001, 1e-6, 12. */
  function num(value) {
    if (value === null || value === undefined) return "";
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
      const [digits, power] = value.toExponential(5).split("e");
      return `${Number(digits)}e${Number(power)}`;
    }
    return String(Number(value.toPrecision(6)));
  }

  /** A text in which code stands between backticks, as pieces for `el`. */
  const prose = (text) => text.split(/(`[^`]+`)/).map((part) =>
    part.length > 2 && part.startsWith("`") && part.endsWith("`") ? el("code", {}, part.slice(1, -1)) : part);

  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const peak = (values) => (values || []).reduce((most, value) => (value > most ? value : most), -Infinity);

  // --- Theme ---------------------------------------------------------------------------------------------------------

  const darkSystem = matchMedia("(prefers-color-scheme: dark)");

  /** A colour of the style sheet, for what is drawn on a canvas. */
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  function setTheme(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    renewAll();
  }

  /** What the reader chose stays chosen, where the browser keeps anything for files. */
  function stored(theme) {
    try {
      if (theme !== undefined) localStorage.setItem("lr-lint-theme", theme);
      return localStorage.getItem("lr-lint-theme") || "";
    } catch {
      return "";
    }
  }

  // --- Plots ---------------------------------------------------------------------------------------------------------

  const groupName = (group, all) =>
    all.length === 1 ? "" : group.positions.length === 1 ? ` of group ${group.positions[0]}`
      : ` of groups ${group.positions.join(", ")}`;

  /** The lines of a plot: what is predicted, what was intended or else the initial lr, what was measured.

      Where no rate is known, as with `lr=args.lr`, these are factors: what the initial lr is multiplied by. */
  function linesOf(site) {
    const groups = site.groups.slice(0, MOST_GROUPS_DRAWN);
    const measured = site.measured.flatMap((each) => each.groups).slice(0, MOST_GROUPS_DRAWN);
    const rates = groups.some((group) => group.rates) || measured.some((group) => group.rates);
    const lines = [];
    const initials = new Set();
    groups.forEach((group, at) => {
      const name = groupName(group, site.groups);
      const values = rates ? group.rates : group.returned;
      if (values) {
        const label = rates ? `predicted lr${name}` : `returned by the callable${name}`;
        lines.push({ label, kind: "actual", at, times: group.times, values });
      }
      if (!rates && group.meant_returned) {
        const label = `intended factor${name}`;
        lines.push({ label, kind: "meant", at, times: group.times, values: group.meant_returned });
      }
      if (rates && group.meant) {
        lines.push({ label: `intended lr${name}`, kind: "meant", at, times: group.times, values: group.meant });
      } else if (rates && group.initial !== null && values && !initials.has(group.initial)) {
        initials.add(group.initial);
        const flat = group.times.map(() => group.initial);
        lines.push({ label: `initial lr${name}`, kind: "initial", at, times: group.times, values: flat });
      }
    });
    measured.forEach((group, at) => {
      if (!group.rates) return;
      const name = groupName(group, measured);
      lines.push({ label: `measured lr${name}`, kind: "measured", at, times: group.times, values: group.rates });
      if (group.meant && !site.groups.some((each) => each.meant)) {
        lines.push({ label: `intended lr${name}`, kind: "meant", at, times: group.times, values: group.meant });
      }
    });
    return { lines, rates };
  }

  const lineColour = (line) =>
    colour(line.kind === "actual" ? `line-${line.at}` : line.kind === "meant" ? "line-meant"
      : line.kind === "measured" ? "line-measured" : "faint");

  /** How far the time axis goes at first: to where nothing moves any more, if that is well before the end. */
  function endOfMotion(lines) {
    let end = 0;
    let last = 0;
    for (const { times, values } of lines) {
      const known = values.map((value, at) => [times[at], value]).filter(([, value]) => value !== null);
      if (!known.length) continue;
      const numbers = known.map(([, value]) => value);
      const span = Math.max(...numbers) - Math.min(...numbers);
      const final = numbers[numbers.length - 1];
      const moving = known.filter(([, value]) => Math.abs(value - final) > span / 100);
      last = Math.max(last, known[known.length - 1][0]);
      if (moving.length) end = Math.max(end, moving[moving.length - 1][0]);
    }
    end = Math.max(10, Math.ceil(end * 1.2));
    return end < last * 0.7 ? end : last;
  }

  /** Whether a linear scale would show what is on, or what was meant, at zero. */
  function isWide(lines) {
    const all = lines.flatMap((line) => line.values.filter((value) => value !== null));
    if (all.some((value) => value < 0)) return false;
    const peaks = lines.map((line) => peak(line.values)).filter((value) => value > 0);
    return peaks.length > 1 && Math.max(...peaks) > WIDE * Math.min(...peaks);
  }

  /** The lines by their common times, as uPlot wants them. */
  function aligned(lines) {
    const times = [...new Set(lines.flatMap((line) => line.times))].sort((a, b) => a - b);
    const columns = lines.map((line) => {
      const known = new Map(line.times.map((time, at) => [time, line.values[at]]));
      return times.map((time) => known.get(time) ?? null);
    });
    return [times, ...columns];
  }

  /** Which points of a line get a circle: those that lie apart from the one before, so that they do not pile up. */
  function apart(u, position) {
    const shown = [];
    let last = -Infinity;
    u.data[position].forEach((value, at) => {
      if (value === null) return;
      const left = u.valToPos(u.data[0][at], "x");
      if (left - last < 11) return;
      shown.push(at);
      last = left;
    });
    return shown;
  }

  /** How wide an axis is whose numbers are these, in pixels. */
  const roomFor = (values) => 20 + 7 * Math.max(6, ...(values || []).map((value) => value.length));

  /** Where a logarithmic axis has lines and numbers: at powers of ten, at no more of them than fit. */
  function decades(u, axis, low, high) {
    const [first, last] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))];
    const step = Math.max(1, Math.ceil((last - first) / 6));
    const powers = [];
    for (let power = first; power <= last; power += step) powers.push(10 ** power);
    return powers;
  }

  const plots = new Set(); // those that are drawn at the moment
  const renewAll = () => [...plots].forEach((plot) => plot.renew());

  /** The plot of a scheduler. Of many, it is drawn only while its element is near the window. */
  class Plot {
    constructor(site, lines, rates) {
      Object.assign(this, { site, lines, rates });
      this.data = aligned(lines);
      this.end = endOfMotion(lines);
      this.logarithmic = isWide(lines);
      this.whole = false;
      this.at = 0;
      this.uplot = null;
      this.canvas = el("div", {
        class: "canvas", role: "slider", tabindex: "0", "aria-label": this.name(), "aria-orientation": "horizontal",
        "aria-valuemin": this.data[0][0], "aria-valuemax": this.data[0][this.data[0].length - 1],
        keydown: (event) => this.key(event), focus: () => this.point(this.at),
      });
      this.readout = el("p", { class: "readout" });
      this.tell(0);
      this.element = el("figure", { class: "plot" }, this.legend(), this.canvas, this.readout, this.buttons());
      near.observe(this.canvas);
      this.canvas.plot = this;
    }

    name() {
      const drawn = this.lines.map((line) => {
        const known = line.values.filter((value) => value !== null);
        return `${line.label} from ${num(known[0])} to ${num(known[known.length - 1])}, ${num(peak(known))} at most`;
      });
      return `${this.rates ? "Learning rate" : "Factor"} by ${this.site.unit}: ${drawn.join("; ")}`;
    }

    legend() {
      const items = this.lines.map((line) =>
        el("li", {}, el("span", { class: `key ${line.kind} key-${line.at}`, "aria-hidden": "true" }), line.label));
      return el("figcaption", {}, el("ul", { class: "legend" }, ...items));
    }

    buttons() {
      const toggle = (label, property) =>
        el("button", {
          type: "button", class: "small", "aria-pressed": String(this[property]),
          click: (event) => {
            this[property] = !this[property];
            event.currentTarget.setAttribute("aria-pressed", String(this[property]));
            this.renew();
          },
        }, label);
      const last = this.data[0][this.data[0].length - 1];
      const positive = this.lines.every((line) => line.values.every((value) => value === null || value >= 0));
      return el("p", { class: "buttons" },
        positive ? toggle("Logarithmic", "logarithmic") : null,
        this.end < last ? toggle(`All ${num(last)} ${this.site.unit}s`, "whole") : null);
    }

    draw() {
      if (this.uplot || !this.canvas.clientWidth) return;
      const font = "12px system-ui, sans-serif";
      const axis = { stroke: colour("faint"), font, grid: { stroke: colour("grid"), width: 1 },
        ticks: { stroke: colour("grid"), width: 1 } };
      const data = this.logarithmic
        ? [this.data[0], ...this.data.slice(1).map((column) => column.map((value) => (value > 0 ? value : null)))]
        : this.data;
      const last = this.data[0][this.data[0].length - 1];
      this.uplot = new uPlot({
        width: this.canvas.clientWidth, height: this.canvas.clientHeight, legend: { show: false },
        padding: [10, 24, 0, 0],
        scales: {
          x: { time: false, range: (u, from, to) => (u.zoomed ? [from, to] : [0, this.whole ? last : this.end || 1]) },
          y: { distr: this.logarithmic ? 3 : 1, range: (u, from, to) => this.range(from, to) },
        },
        axes: [
          { ...axis, size: 30, label: this.site.unit, labelFont: font, labelSize: 18, labelGap: 0,
            values: (u, splits) => splits.map((value) => (Number.isInteger(value) ? num(value) : "")) },
          { ...axis, size: (u, values) => roomFor(values), splits: this.logarithmic ? decades : undefined,
            filter: (u, splits) => splits, values: (u, splits) => splits.map((value) => (value === null ? "" : num(value))) },
        ],
        series: [{}, ...this.lines.map((line) => this.series(line))],
        cursor: { drag: { x: true, y: false }, points: { size: 7 } },
        hooks: { setCursor: [(u) => { if (u.cursor.idx !== null && u.cursor.idx !== undefined) this.tell(u.cursor.idx); }],
          setSelect: [(u) => { u.zoomed = u.select.width > 0; }] },
      }, data, this.canvas);
      this.uplot.over.addEventListener("dblclick", () => { this.uplot.zoomed = false; }, true);
      plots.add(this);
    }

    series(line) {
      const stroke = lineColour(line);
      const measured = line.kind === "measured";
      const dotted = measured || line.kind === "actual";
      return {
        label: line.label, stroke, spanGaps: true, width: line.kind === "initial" ? 1.25 : 2,
        dash: line.kind === "meant" ? [7, 4] : line.kind === "initial" ? [2, 4] : undefined,
        paths: measured ? () => null : undefined,
        points: { show: dotted, filter: dotted ? apart : undefined, size: measured ? 7 : 5, fill: measured ? colour("surface") : stroke, stroke,
          width: measured ? 1.5 : 0 },
      };
    }

    range(from, to) {
      if (from === null || to === null) return this.logarithmic ? [0.1, 1] : [0, 1];
      if (this.logarithmic) {
        const low = Math.max(from, to / 10 ** DECADES);
        return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(to * 1.001))];
      }
      const room = (Math.max(to, 0) - Math.min(from, 0)) * 0.06 || Math.abs(to) || 1;
      return [from < 0 ? from - room : 0, to > 0 ? to + room : 0];
    }

    erase() {
      if (!this.uplot) return;
      this.uplot.destroy();
      this.uplot = null;
      plots.delete(this);
    }

    renew() {
      if (!this.uplot) return;
      this.erase();
      this.draw();
    }

    /** The numbers at one of the times, in words, for eyes and for screen readers. */
    tell(at) {
      this.at = at;
      const time = this.data[0][at];
      const said = this.lines
        .map((line, position) => [line.label, this.data[position + 1][at]])
        .filter(([, value]) => value !== null)
        .map(([label, value]) => `${label}${/\d$/.test(label) ? ":" : ""} ${num(value)}`);
      this.readout.textContent = `${this.site.unit} ${time}: ${said.join(", ") || "not known"}`;
      this.canvas.setAttribute("aria-valuenow", time);
      this.canvas.setAttribute("aria-valuetext", this.readout.textContent);
    }

    point(at) {
      this.tell(at);
      if (!this.uplot) return;
      const values = this.data.slice(1).map((column) => column[at]).filter((value) => value !== null);
      const top = values.length ? this.uplot.valToPos(values[0], "y") : 0;
      this.uplot.setCursor({ left: this.uplot.valToPos(this.data[0][at], "x"), top }, false);
    }

    key(event) {
      const last = this.data[0].length - 1;
      const to = { ArrowLeft: this.at - 1, ArrowRight: this.at + 1, PageUp: this.at - 5, PageDown: this.at + 5,
        Home: 0, End: last }[event.key];
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.point(Math.min(last, Math.max(0, to)));
    }
  }

  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) target.plot.draw();
      else target.plot.erase();
    }
  }, { rootMargin: NEAR });

  const fitted = new ResizeObserver(() => {
    for (const plot of plots) {
      const { clientWidth: width, clientHeight: height } = plot.canvas;
      if (width && (width !== plot.uplot.width || height !== plot.uplot.height)) plot.uplot.setSize({ width, height });
    }
  });

  // --- Code ----------------------------------------------------------------------------------------------------------

  /** Lines of code with marks in them, and notes below the lines that they are about. */
  function frame(shown) {
    const code = el("div", { class: "code", role: "group", "aria-label": `Code at ${shown.place}`, tabindex: "0" });
    for (const [number, parts, notes] of shown.lines) {
      const marked = parts.some(([, kind]) => kind);
      const text = parts.map(([part, kind]) => (kind ? el("mark", { class: `is-${kind}` }, part) : part));
      code.append(el("div", { class: marked ? "line marked" : "line" },
        el("span", { class: "number", "aria-hidden": "true" }, number === null ? "⋯" : String(number)),
        el("code", {}, ...text)));
      code.append(...notes.map((note) => noteOf(note)));
    }
    const about = shown.notes.map((note) => noteOf(note));
    return el("div", { class: "frame" }, el("p", { class: "where" }, shown.place),
      shown.lines.length ? code : null, ...about);
  }

  const noteOf = ([kind, note]) => el("p", { class: `note of-${kind}` }, ...prose(note));

  /** What a fix takes away and puts in its place. */
  function diff(lines) {
    const shown = lines.map((line) => {
      const added = line.startsWith("+");
      const sign = el("span", { class: "number", "aria-label": added ? "added" : "removed" }, line[0]);
      return el("div", { class: added ? "line added" : "line removed" }, sign, el("code", {}, line.slice(1)));
    });
    return el("div", { class: "code diff", role: "group", "aria-label": "Change", tabindex: "0" }, ...shown);
  }

  function finding(found) {
    const fixes = [...(found.fix ? [["Fix", found.fix]] : []), ...found.options.map((option) => ["Option", option])];
    const details = fixes.map(([word, fix]) => el("details", { class: "fix" },
      el("summary", {}, ...prose(`${word} (${fix.safety}): ${fix.message}`)), diff(fix.diff)));
    const code = DATA.rules[found.code] ? el("a", { href: DATA.rules[found.code].page }, found.code) : found.code;
    return el("section", { class: "finding" },
      el("h4", {}, el("span", { class: "rule" }, code), ` ${found.name} `,
        el("span", { class: "confidence" }, found.confidence)),
      el("p", { class: "message" }, ...prose(found.message)), ...found.frames.map(frame), ...details);
  }

  // --- Numbers -------------------------------------------------------------------------------------------------------

  /** The numbers of a plot as a table, which is made when somebody opens it. */
  function numbers(site, lines) {
    const details = el("details", { class: "numbers" }, el("summary", {}, "Numbers"));
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) details.append(table(site, lines));
    });
    return details;
  }

  function table(site, lines) {
    const factors = site.groups.some((group) => group.rates)
      ? site.groups.filter((group) => group.returned).map((group) => ({
        label: `returned${groupName(group, site.groups)}`, times: group.times, values: group.returned }))
      : [];
    const columns = [...factors, ...lines];
    const [times, ...values] = aligned(columns);
    const head = el("tr", {}, el("th", { scope: "col" }, site.unit),
      ...columns.map((column) => el("th", { scope: "col" }, column.label)));
    const rows = times.slice(0, MOST_ROWS).map((time, at) =>
      el("tr", {}, el("th", { scope: "row" }, String(time)),
        ...values.map((column) => el("td", {}, column[at] === null ? "" : num(column[at])))));
    const more = times.length > MOST_ROWS ? el("p", { class: "faint" }, `and ${times.length - MOST_ROWS} more`) : "";
    return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": `Numbers of ${site.place}` },
      el("table", {}, el("caption", { class: "unseen" }, `Numbers of ${site.name} at ${site.place}`),
        el("thead", {}, head), el("tbody", {}, ...rows)), more);
  }

  // --- Cards ---------------------------------------------------------------------------------------------------------

  /** What the optimizer gets, group by group: the first rate and the highest, beside those that were meant. */
  function effective(site) {
    const rows = site.groups.filter((group) => group.rates).map((group) => {
      const end = group.rates.reduce((last, value, at) => (value === null ? last : at), 0);
      const tell = (values) => `${num(values.find((value) => value !== null))} at first, ${num(peak(values))} at most`
        + (end > 0 && values[end] !== null ? `, ${num(values[end])} at ${site.unit} ${group.times[end]}` : "");
      const told = tell(group.rates);
      const meant = group.meant ? tell(group.meant) : null;
      const name = site.groups.length > 1 ? `${groupName(group, site.groups).trim().replace("of ", "")}: ` : "";
      return el("dd", {}, name, el("strong", { class: meant ? "off" : null }, told),
        meant ? el("span", { class: "meant" }, `intended: ${meant}`) : null);
    });
    return rows.length ? [el("dt", {}, "effective lr"), ...rows] : [];
  }

  function facts(site) {
    const groups = site.groups.map((group) =>
      el("dd", {}, group.lr, site.groups.length > 1 ? el("span", { class: "faint" }, groupName(group, site.groups)) : null));
    const list = el("dl", { class: "facts" }, ...effective(site));
    if (groups.length) list.append(el("dt", {}, "initial lr"), ...groups);
    for (const [name, text] of site.facts) list.append(el("dt", {}, name), el("dd", {}, ...prose(text)));
    if (site.meant_by) {
      list.append(el("dt", {}, "intended"), el("dd", {},
        site.meant_by === "fix" ? "what the code does with its fix" : "what the callable returns, taken as a rate"));
    }
    return list;
  }

  function measured(run) {
    return el("div", { class: "run" },
      el("p", {}, el("span", { class: `badge ${run.verdict}` }, `probe: ${run.verdict}`), " ", ...prose(run.message)),
      ...run.notes.map((note) => el("p", { class: "faint" }, ...prose(note))));
  }

  function reasonOf(site) {
    if (site.verdict !== "undecided" || !site.reason) return null;
    return el("p", { class: "reason" }, ...prose(`Undecided: ${site.reason}.`));
  }

  function card(site, at) {
    const verdict = VERDICTS.find((each) => each.name === site.verdict);
    const { lines, rates } = linesOf(site);
    const plot = lines.length ? new Plot(site, lines, rates) : null;
    const drawn = plot
      ? el("div", { class: "drawn" }, plot.element, numbers(site, lines))
      : el("p", { class: "drawn empty faint" }, "No number of this schedule is known from the code.",
        DATA.probe ? "" : " With --probe it is run and measured.");
    const article = el("article", { class: `card ${site.verdict}`, tabindex: "-1", "aria-labelledby": `title-${at}` },
      el("header", {},
        el("h3", { id: `title-${at}` },
          el("span", { class: `badge ${site.verdict}` }, el("span", { "aria-hidden": "true" }, `${verdict.sign} `), site.verdict),
          " ", el("span", { class: "name", title: site.contract }, site.name), " ",
          el("span", { class: "place" }, site.place))),
      reasonOf(site),
      el("div", { class: "body" }, drawn, facts(site)),
      ...site.measured.map(measured),
      ...site.findings.map(finding),
      ...site.code.map(frame));
    return el("li", {}, article);
  }

  // --- Filter and sort -----------------------------------------------------------------------------------------------

  const cards = DATA.sites.map((site, at) => ({
    site, at,
    element: card(site, at),
    text: [site.place, site.contract, site.verdict, site.reason, ...site.facts.map(([, text]) => text),
      ...site.groups.map((group) => group.lr),
      ...site.findings.flatMap((found) => [found.code, found.name, found.confidence, found.message])]
      .join("\n").toLowerCase(),
    codes: new Set(site.findings.map((found) => found.code)),
    distance: distanceOf(site),
  }));

  /** How many powers of ten the rates are away from those that were meant, or from the initial lr where that is said. */
  function distanceOf(site) {
    const far = site.groups.filter((group) => group.meant && group.rates).map((group) => {
      const [is, meant] = [peak(group.rates), peak(group.meant)];
      return is > 0 && meant > 0 ? Math.abs(Math.log10(is / meant)) : 0;
    });
    return far.length ? Math.max(...far) : -1;
  }

  const state = { query: "", verdicts: new Set(), rules: new Set(), sort: "verdict" };
  const rank = (site) => VERDICTS.findIndex((each) => each.name === site.verdict);
  const ORDERS = {
    verdict: (a, b) => rank(a.site) - rank(b.site),
    place: () => 0,
    name: (a, b) => (a.site.name < b.site.name ? -1 : a.site.name > b.site.name ? 1 : 0),
    distance: (a, b) => b.distance - a.distance,
  };

  function isShown({ site, text, codes }) {
    const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
    return words.every((word) => text.includes(word))
      && (!state.verdicts.size || state.verdicts.has(site.verdict))
      && (!state.rules.size || [...codes].some((code) => state.rules.has(code)));
  }

  /** Show what the state says, and say how much that is. */
  function apply() {
    let shown = 0;
    for (const each of cards) {
      const visible = isShown(each);
      each.element.hidden = !visible;
      shown += visible;
    }
    byId("count").textContent = !cards.length ? "" : shown === cards.length
      ? `All ${count(cards.length, "scheduler")} shown` : `${shown} of ${count(cards.length, "scheduler")} shown`;
    byId("nothing").hidden = shown > 0;
    for (const button of document.querySelectorAll("[data-verdict]")) {
      button.setAttribute("aria-pressed", String(state.verdicts.has(button.dataset.verdict)));
    }
    for (const button of document.querySelectorAll("[data-rule]")) {
      button.setAttribute("aria-pressed", String(state.rules.has(button.dataset.rule)));
    }
    remember();
  }

  function order() {
    const sorted = [...cards].sort((a, b) => ORDERS[state.sort](a, b) || a.at - b.at);
    byId("cards").append(...sorted.map((each) => each.element));
  }

  /** The state stands in the address, so that it survives a new version of the report and can be handed on. */
  function remember() {
    const said = new URLSearchParams();
    if (state.query) said.set("q", state.query);
    if (state.verdicts.size) said.set("verdict", [...state.verdicts].join(","));
    if (state.rules.size) said.set("rule", [...state.rules].join(","));
    if (state.sort !== "verdict") said.set("sort", state.sort);
    try {
      history.replaceState(null, "", `#${said}`);
    } catch {
      // Some browsers refuse that for files; nothing else depends on it.
    }
  }

  function recall() {
    const said = new URLSearchParams(location.hash.slice(1));
    const known = (name, all) => (said.get(name) || "").split(",").filter((each) => all.includes(each));
    state.query = said.get("q") || "";
    state.verdicts = new Set(known("verdict", VERDICTS.map((each) => each.name)));
    state.rules = new Set(known("rule", Object.keys(DATA.rules)));
    state.sort = ORDERS[said.get("sort")] ? said.get("sort") : "verdict";
    byId("search").value = state.query;
    byId("sort").value = state.sort;
  }

  function toggle(set, value) {
    if (!set.delete(value)) set.add(value);
    apply();
  }

  function tools() {
    for (const { name, sign, about } of VERDICTS) {
      byId("verdicts").append(el("button", {
        type: "button", class: `tile ${name}`, "data-verdict": name, click: () => toggle(state.verdicts, name) },
        el("span", { class: "number" }, String(DATA.verdicts[name])),
        el("span", { class: "word" }, el("span", { "aria-hidden": "true" }, `${sign} `), name),
        el("span", { class: "about" }, about)));
    }
    for (const [code, rule] of Object.entries(DATA.rules)) {
      const number = cards.filter((each) => each.codes.has(code)).length;
      if (!number) continue;
      byId("rules").append(el("button", {
        type: "button", class: "chip", "data-rule": code, title: rule.summary,
        click: () => toggle(state.rules, code) },
        code, el("span", { class: "name" }, ` ${rule.name}`), el("span", { class: "faint" }, ` ${number}`)));
    }
    byId("search").addEventListener("input", (event) => {
      state.query = event.target.value;
      apply();
    });
    byId("sort").addEventListener("change", (event) => {
      state.sort = event.target.value;
      order();
      apply();
    });
    byId("reset").addEventListener("click", () => {
      state.query = byId("search").value = "";
      state.verdicts.clear();
      state.rules.clear();
      apply();
    });
  }

  // --- Keyboard ------------------------------------------------------------------------------------------------------

  function move(by) {
    const shown = [...byId("cards").children].filter((item) => !item.hidden).map((item) => item.firstElementChild);
    const at = shown.findIndex((article) => article.contains(document.activeElement));
    const next = shown[at < 0 ? (by > 0 ? 0 : shown.length - 1) : at + by];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "start" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const search = byId("search");
    if (event.target === search && event.key === "Escape") {
      search.value = state.query = "";
      apply();
      event.preventDefault();
    }
    if (event.target.closest("input, select, textarea")) return;
    if (event.key === "/") {
      event.preventDefault();
      search.focus();
    } else if (event.key === "j" || event.key === "k") {
      move(event.key === "j" ? 1 : -1);
    }
  });

  // --- The rest of the page ------------------------------------------------------------------------------------------

  function section(title, ...content) {
    return el("section", {}, el("h2", {}, title), ...content);
  }

  function rest() {
    const { failures, others, probe } = DATA;
    const told = (place, message) => el("li", {}, el("span", { class: "place" }, place), `: ${message}`);
    if (failures.length) {
      byId("rest").append(section("Not analysed",
        el("ul", { class: "list", id: "failures" }, ...failures.map((each) => told(each.place, each.message)))));
    }
    if (others.length) {
      byId("rest").append(section("Findings about no scheduler above", ...others.map(finding)));
    }
    if (!probe) return;
    if (probe.failures.length) {
      byId("rest").append(section("Not probed", el("ul", { class: "list" }, ...probe.failures.map((each) =>
        el("li", {}, each.message, ...each.printed.map((line) => el("pre", {}, line)))))));
    }
    if (probe.elsewhere.length) {
      byId("rest").append(section("Probed, and none of the schedulers above", el("ul", { class: "list" },
        ...probe.elsewhere.map((each) => told(each.place, `${each.verdict}: ${each.message}`)))));
    }
    if (probe.notes.length) {
      byId("rest").append(section("Notes of the probe",
        el("ul", { class: "list" }, ...probe.notes.map((note) => el("li", {}, note)))));
    }
  }

  function about() {
    const { files, paths, probe, tool } = DATA;
    const where = paths.join() === "." ? "" : `: ${paths.join(", ")}`;
    const failed = files.failed ? `, ${files.failed} of them not analysed` : "";
    byId("about").textContent =
      `${count(cards.length, "scheduler")} in ${count(files.discovered, "file")}${failed}${where}`;
    byId("nothing").textContent = cards.length
      ? "No scheduler is like that." : "No scheduler is constructed in these files.";
    const measured = probe && probe.ran_on ? ` Measured on ${probe.ran_on}.` : "";
    byId("made").textContent = `Made by ${tool.name} ${tool.version}. Curves are predicted from the code at the marked `
      + `points; the lines between are drawn straight.${measured}`;
  }

  // Paper is white, and has every plot.
  let beforePrint = null;
  addEventListener("beforeprint", () => {
    beforePrint = document.documentElement.dataset.theme || "";
    setTheme("light");
    for (const each of cards) {
      if (!each.element.hidden) each.element.querySelector(".canvas")?.plot.draw();
    }
  });
  addEventListener("afterprint", () => setTheme(beforePrint || ""));

  const theme = stored();
  byId("theme").value = theme;
  byId("theme").addEventListener("change", (event) => setTheme(stored(event.target.value) || event.target.value));
  darkSystem.addEventListener("change", renewAll);

  document.body.classList.toggle("many", DATA.sites.length > FEW);
  setTheme(theme);
  recall();
  tools();
  order();
  about();
  rest();
  apply();
  fitted.observe(byId("cards"));
})();
