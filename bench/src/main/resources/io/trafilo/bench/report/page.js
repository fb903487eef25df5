/* Makes tables and plots of the report in the page. */
"use strict";
(() => {
  const GRID = { stroke: "#e4e7eb", width: 1 };
  const AXIS = { stroke: "#59636e", grid: GRID, ticks: GRID, font: "12px sans-serif", labelFont: "12px sans-serif", labelSize: 18 };
  const SECONDS = "seconds since the measured phase began";
  const ONE_NANO_IN_MICROS = 0.001;

  const report = JSON.parse(document.getElementById("report").textContent);
  const engines = report.engines.map(engine => ({ ...engine, run: report.runs[engine.shown].run }));
  const main = document.querySelector("main");

  /* Three significant digits, thousands apart; null is not known. */
  function number(value) {
    if (value === null || value === undefined) {
      return "–";
    }
    const size = Math.abs(value);
    const digits = size === 0 || size >= 100 ? 0 : Math.min(6, 2 - Math.floor(Math.log10(size)));
    return fixed(value, digits);
  }

  function fixed(value, digits) {
    return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  function whole(value) {
    return fixed(value, 0);
  }

  function tick(value) {
    return value === null ? "" : value.toLocaleString("en-US", { maximumFractionDigits: 6 });
  }

  /* 2 gives 99 %, 3 gives 99.9 %. */
  function percent(nines) {
    if (nines === null || nines === undefined) {
      return "–";
    }
    return Number((100 - 10 ** (2 - nines)).toFixed(Math.max(0, Math.ceil(nines)))) + " %";
  }

  function pale(colour) {
    return colour + "4d";
  }

  function base(panel, width, height) {
    return {
      title: panel.title,
      width,
      height,
      legend: { live: true },
      cursor: { points: { size: 7 } },
    };
  }

  function lines(panel, width, height) {
    const percentiles = panel.kind === "PERCENTILES";
    const known = panel.lines.filter(line => line.xs.length > 0);
    const data = known.length === 0
      ? [[]]
      : uPlot.join(known.map(line => [line.xs, line.ys]), known.map(() => [1, 1]));
    const options = base(panel, width, height);
    options.scales = {
      x: { time: false, range: (plot, low, high) => [0, high > 0 ? high : 1] },
      y: percentiles ? { distr: 3 } : { range: (plot, low, high) => [0, high > 0 ? high * 1.05 : 1] },
    };
    options.axes = [
      { ...AXIS, label: panel.x },
      { ...AXIS, label: panel.y, size: 80, values: (plot, ticks) => ticks.map(tick) },
    ];
    if (percentiles) {
      options.axes[0].splits = (plot, axis, low, high) =>
        Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (none, i) => Math.ceil(low) + i);
      options.axes[0].values = (plot, ticks) => ticks.map(percent);
      options.axes[1].values = (plot, ticks) => ticks.map(value => Math.log10(value) % 1 === 0 ? tick(value) : "");
    }
    options.series = [
      { label: percentiles ? "percentile" : "seconds", value: (plot, x) => (percentiles ? percent(x) : number(x)) },
      ...known.map(line => ({
        label: line.name,
        stroke: line.pale ? pale(line.colour) : line.colour,
        width: line.pale ? 7 : 2,
        points: { show: line.xs.length < 30 && !line.pale, size: 5 },
        value: (plot, y) => number(y),
      })),
    ];
    if (!percentiles) {
      options.cursor.sync = { key: "time" };
    }
    return [options, data];
  }

  function bars(panel, width, height) {
    const xs = panel.lines.map((line, i) => i);
    const rounds = Math.max(...panel.lines.map(line => line.ys.length)) - 1;
    const at = round => panel.lines.map(line => (round < line.ys.length ? line.ys[round] : null));
    const data = [
      xs,
      ...panel.lines.map((line, i) => xs.map(x => (x === i ? line.ys[0] : null))),
      ...Array.from({ length: rounds }, (none, round) => at(round + 1)),
    ];
    const options = base(panel, width, height);
    options.legend.show = false;
    options.cursor.show = false;
    options.scales = {
      x: { time: false, range: () => [-0.6, xs.length - 0.4] },
      y: { range: (plot, low, high) => [0, high > 0 ? high * 1.05 : 1] },
    };
    options.axes = [
      {
        ...AXIS,
        grid: { show: false },
        size: 50,
        splits: () => xs,
        values: () => panel.lines.map(line => line.name + "\n" + number(line.ys[0])),
      },
      { ...AXIS, label: panel.y, size: 70, values: (plot, ticks) => ticks.map(tick) },
    ];
    options.series = [
      {},
      ...panel.lines.map(line => ({
        label: line.name,
        stroke: line.colour,
        fill: line.colour,
        paths: uPlot.paths.bars({ size: [0.6, 80] }),
        points: { show: false },
      })),
      ...Array.from({ length: rounds }, (none, round) => ({
        label: "round " + (round + 1),
        stroke: "#1f2328",
        paths: () => null,
        points: { show: true, size: 7, fill: "#1f2328", stroke: "#ffffff", width: 1.5 },
      })),
    ];
    return [options, data];
  }

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children);
    return made;
  }

  /* A table of numbers or words, the style, unless it has no rows. The first cell of a row names it. */
  function table(heading, columns, rows, style) {
    if (rows.length === 0) {
      return;
    }
    const body = element("tbody", {}, ...rows.map(([name, ...cells]) =>
      element("tr", {}, element("th", { scope: "row" }, name), ...cells.map(cell => element("td", {}, cell)))));
    const head = columns.map(column => element("th", { scope: "col" }, column));
    const whole = element("table", { class: style }, ...(head.length ? [element("thead", {}, element("tr", {}, ...head))] : []), body);
    main.append(element("h2", {}, heading), element("div", { class: "wide", tabindex: 0 }, whole));
  }

  function valueOf(run, path) {
    return path.split(".").reduce((value, name) => value?.[name], run);
  }

  function round(run) {
    return run.round ?? 1;
  }

  function figureTable() {
    const shown = ["handledPerSecond", "lost", "cpuMicrosPerDatagram", "latencyMicros.p50", "latencyMicros.p99", "latencyMicros.p999"]
      .map(path => report.figures.find(figure => figure.path === path));
    const cell = (run, figure) => {
      const value = valueOf(run, figure.path);
      return typeof value === "number"
        ? fixed(value, figure.decimals)
        : number(null);
    };
    table(
      report.runs.length === 1 ? "Figures" : "Runs",
      ["Engine", "Round", ...shown.map(figure => figure.name + (figure.unit && "," + figure.unit))],
      report.runs.map(({ run }) => [run.engine, String(round(run)), ...shown.map(figure => cell(run, figure))]),
      "numbers");
  }

  /* "listenerWarmup" gives "listener warmup". */
  function spaced(name) {
    return name.replace(/[A-Z]/g, letter => " " + letter.toLowerCase());
  }

  /* Those settings that an engine has. */
  function options(settings, ...names) {
    const words = value => (value === true ? "on" : value === false ? "off" : value);
    return names.filter(name => settings[name] !== undefined).map(name => spaced(name) + " " + words(settings[name])).join(", ");
  }

  function machine(run) {
    return run.cpus + " processors, " + run.processor + ", " + run.os;
  }

  /* All that a run tells, by name: its counts, its figures, its settings. */
  function factsOf({ run, search, figures }) {
    const { settings } = run;
    const facts = {
      "Search": search,
      "Sums": run.conserved ? "all close" : run.imbalances.join("; "),
      "Sent": whole(run.sent),
      "Received": whole(run.received),
      "Handled": whole(run.handled),
      "Kernel's drops, with GRO": settings.gro ? "each of a packet with 1 to " + settings.gso + " datagrams" : "",
    };
    Object.entries(run.lostByLayer).forEach(([layer, lost]) => { facts["Lost in the " + layer] = whole(lost); });
    Object.assign(facts, { "Lost while warming up": whole(run.warmup.lost) }, figures, {
      "Rate": settings.rate === 0 ? "as fast as it can" : whole(settings.rate) + "/s",
      "Time": settings.duration + ", after " + settings.warmup + " to warm up",
      "Keys": whole(settings.keys) + ", " + settings.distribution
        + (settings.distribution === "zipf" ? " with exponent " + settings.zipfExponent : "") + ", seed " + settings.seed,
      "Datagram": whole(settings.size) + " bytes, segments in a packet (GSO): " + settings.gso,
      "Engine options": options(settings, "window", "slide", "workers", "shards", "ring", "policy"),
      "Listener options": options(settings, "threads", "gro", "listenerWarmup", "runToCompletion"),
      "Socket": "read by " + run.listenerTransport + ", receive buffer " + whole(run.receiveBufferBytes) + " bytes",
      "Machine": machine(run),
      "JDK": run.jdk,
    });
    return Object.fromEntries(Object.entries(facts).filter(([, text]) => text !== ""));
  }

  /* What differs between the runs first, then once what is true of all. */
  function factTables() {
    const facts = report.runs.map(factsOf);
    const rows = [...new Set(facts.flatMap(Object.keys))].map(name => [name, ...facts.map(of => of[name] ?? number(null))]);
    const isCommon = ([, ...values]) => new Set(values).size === 1;
    table(
      "Facts of each run",
      ["Fact", ...report.runs.map(({ run }) => run.engine + ", round " + round(run))],
      rows.filter(row => !isCommon(row)),
      "words");
    table(
      report.runs.length === 1 ? "Facts" : "Facts of all runs",
      [],
      rows.filter(isCommon).map(([name, value]) => [name, value]),
      "words");
  }

  /* A line for each engine that has points, in its colour. */
  function perEngine(points) {
    return engines.map(engine => ({ name: engine.name, colour: engine.colour, ...points(engine.run) })).filter(line => line.ys?.length);
  }

  function overTime(value) {
    return perEngine(({ samples }) => ({ xs: samples.map(sample => sample.seconds), ys: samples.map(value) }));
  }

  function each(lines, text) {
    return lines.map(line => line.name + " " + text(line)).join(", ");
  }

  function upTo(line) {
    const known = line.ys.filter(y => y !== null && y !== undefined);
    return known.length ? "up to " + number(Math.max(...known)) : "not known";
  }

  function shownRounds() {
    return engines.every(engine => engine.rounds === 1)
      ? ""
      : " Shown is the median round by handled per second: "
        + engines.map(engine => engine.name + " round " + round(engine.run) + " of " + engine.rounds).join(", ") + ".";
  }

  function comparison() {
    const value = line => (line.ys[0] === null ? "not known" : number(line.ys[0]));
    return {
      heading: "Comparison",
      words: report.comparison.map(panel => panel.title + ", " + panel.y + ": " + each(panel.lines, value)).join(". ") + ".",
      caption: "Each plot has an axis of its own, from zero."
        + (engines.some(engine => engine.rounds > 1) ? " The bars are medians over the rounds, the dots single rounds." : ""),
      panels: report.comparison,
    };
  }

  function throughput() {
    const received = overTime(sample => sample.receivedPerSecond);
    const handled = overTime(sample => sample.handledPerSecond);
    const lost = overTime(sample => sample.lostPerSecond);
    const plot = { heading: "Throughput and losses over time", words: "No samples were taken.", caption: "No samples were taken.", panels: [] };
    if (handled.length === 0) {
      return plot;
    }
    const below = received.map(line => ({ ...line, name: line.name + " received", pale: true }));
    return {
      ...plot,
      words: "Datagrams handled per second: " + each(handled, upTo) + ". Lost per second: " + each(lost, upTo) + ".",
      caption: "Above, the broad pale line is what was received, the thin line what was handled; below, on an axis of its own,"
        + " what was lost." + shownRounds(),
      panels: [
        { title: "Received and handled", x: SECONDS, y: "datagrams / s", kind: "LINES", lines: [...below, ...handled] },
        { title: "Lost", x: SECONDS, y: "datagrams / s", kind: "LINES", lines: lost },
      ],
    };
  }

  /* 0 for 0 %, 1 for 90 %, 2 for 99 % and so on. */
  function nines(percentile) {
    return -Math.log10(1 - percentile / 100);
  }

  /* Without the maximum, which is at infinity on this scale; what was faster than the clock can tell is drawn at the least it can. */
  function curve(latency) {
    const points = [
      ...latency.distribution,
      ...[[50, "p50"], [99, "p99"], [99.9, "p999"]].map(([percentile, name]) => ({ percentile, micros: latency[name] })),
    ].filter(point => point.percentile < 100).sort((a, b) => a.percentile - b.percentile);
    return { xs: points.map(point => nines(point.percentile)), ys: points.map(point => Math.max(point.micros, ONE_NANO_IN_MICROS)), latency };
  }

  function latency(heading, field, meaning) {
    const lines = perEngine(run => run[field] && curve(run[field]));
    if (lines.length === 0) {
      return { heading, words: "No latency was measured.", caption: "No latency was measured.", panels: [] };
    }
    const at = ({ latency }) => [["50", "p50"], ["99", "p99"], ["99.9", "p999"]]
      .map(([percentile, name]) => number(latency[name]) + " µs at " + percentile + " %").join(", ");
    return {
      heading,
      words: "Latency by percentile: " + lines.map(line => line.name + " " + at(line)).join("; ") + ".",
      caption: meaning
        + " Both axes are logarithmic: each step to the right is the slowest tenth of what lies right of the step before. Beyond the"
        + " right edge lies the maximum: " + each(lines, line => number(line.latency.max) + " µs") + "." + shownRounds(),
      panels: [{ title: heading, x: "percentile", y: "µs, logarithmic", kind: "PERCENTILES", lines }],
    };
  }

  function ringFill() {
    const lines = overTime(sample => (sample.ringFill === undefined ? null : 100 * sample.ringFill));
    return {
      heading: "Ring fill over time",
      words: "How full the ring was, in %: " + each(lines, upTo) + ".",
      caption: "How full the ring was at the moment of each sample. The axis ends near the highest fill seen, not at 100 %." + shownRounds(),
      panels: lines.some(line => line.ys.some(y => y !== null))
        ? [{ title: "Ring fill", x: SECONDS, y: "% of the ring", kind: "LINES", lines }]
        : [],
    };
  }

  /* All there are; the comparison only if there is something to compare. */
  function allPlots() {
    const fromDue = latency(
      "Latency from when due to handler",
      "sendLatencyMicros",
      "From when each datagram was to be sent: the wait in the kernel is in it, and the time by which the sender was late. At full"
        + " speed nothing is ever due, and it is from the sending.");
    return [
      ...(engines.length > 1 ? [comparison()] : []),
      throughput(),
      latency("Latency from receipt to handler", "latencyMicros", "What the engine adds, once it has read a datagram."),
      ...[fromDue, ringFill()].filter(plot => plot.panels.length),
    ];
  }

  function addPlot(plot) {
    const place = element("div", { class: "plot", role: "img", "aria-label": plot.words });
    main.append(element("h2", {}, plot.heading), element("figure", {}, place, element("figcaption", {}, plot.caption)));
  }

  function draw(plots) {
    document.querySelectorAll(".plot").forEach((element, i) => {
      element.replaceChildren();
      const inner = element.parentElement.clientWidth - 26;
      for (const panel of plots[i].panels) {
        const sideBySide = panel.kind === "BARS" && inner > 700;
        const width = sideBySide ? Math.floor(inner / plots[i].panels.length) : inner;
        const height = panel.kind === "PERCENTILES" ? 420 : panel.title === "Lost" ? 200 : 300;
        const [options, data] = panel.kind === "BARS" ? bars(panel, width, height) : lines(panel, width, height);
        new uPlot(options, data, element);
      }
    });
  }

  main.append(
    element("h1", {}, report.title),
    element("p", { class: "subtitle" }, machine(report.runs[0].run) + "; " + report.runs[0].run.jdk),
    element("pre", {}, element("code", {}, report.command)));
  if (report.note) {
    main.append(element("p", { class: "note", role: "note" }, report.note));
  }
  figureTable();
  table(
    engines[0].name + " / " + engines[engines.length - 1].name,
    ["Figure", "Ratio, round by round: median (least to most)"],
    Object.entries(report.ratios),
    "numbers");
  const plots = allPlots();
  plots.forEach(addPlot);
  factTables();
  draw(plots);
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      draw(plots);
    }
  });
})();
