/* Draws the plots of the page from the JSON in it. */
"use strict";
(() => {
  const GRID = { stroke: "#e4e7eb", width: 1 };
  const AXIS = { stroke: "#59636e", grid: GRID, ticks: GRID, font: "12px sans-serif", labelFont: "12px sans-serif", labelSize: 18 };

  /* Three significant digits, thousands apart; null is not known. */
  function number(value) {
    if (value === null || value === undefined) {
      return "–";
    }
    const size = Math.abs(value);
    const digits = size === 0 || size >= 100 ? 0 : Math.min(6, 2 - Math.floor(Math.log10(size)));
    return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
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

  const plots = JSON.parse(document.getElementById("plots").textContent);
  draw(plots);
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      draw(plots);
    }
  });
})();
