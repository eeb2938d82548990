const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** What is said, in the language of the page. */
export class Words {
  #labels;
  #language;

  /**
   * @param {Record<string, string>} labels with `{name}` for what is filled in
   * @param {string} language
   */
  constructor(labels, language) {
    this.#labels = labels;
    this.#language = language || "en";
  }

  say(name, values = {}) {
    return this.#labels[name].replace(/\{(\w+)\}/g, (_, value) => values[value]);
  }

  percent(part) {
    // Never 100 before the end.
    return this.#number(Math.floor(part * 100) / 100, { style: "percent" });
  }

  size(bytes) {
    const step = bytes ? Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1) : 0;
    return this.#unit(bytes / 1000 ** step, UNITS[step], { unitDisplay: "short", maximumSignificantDigits: 3 });
  }

  /** A span of time, as coarse as is of use. */
  time(seconds) {
    if (seconds < 60) return this.#unit(Math.max(1, Math.ceil(seconds)), "second");
    if (seconds < 5400) return this.#unit(Math.ceil(seconds / 60), "minute");
    return this.#unit(Math.ceil(seconds / 3600), "hour");
  }

  /** Minutes and seconds of a medium: 1:05. */
  clock(seconds) {
    const whole = Math.round(seconds);
    const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const [first, ...others] = parts[0] ? parts : parts.slice(1);
    return [first, ...others.map((each) => String(each).padStart(2, "0"))].join(":");
  }

  date(time) {
    return new Intl.DateTimeFormat(this.#language, { dateStyle: "medium", timeStyle: "short" }).format(time);
  }

  #unit(value, unit, options) {
    return this.#number(value, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0, ...options });
  }

  #number(value, options) {
    return new Intl.NumberFormat(this.#language, options).format(value);
  }
}
