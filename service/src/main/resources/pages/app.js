"use strict";
// Renders /openapi: no library, nothing from elsewhere, all text set as text.
const element = (tag, attributes, ...children) => {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
};

const typeOf = (schema) => {
  if (schema.type === undefined) return "any JSON";
  const types = [].concat(schema.type);
  const named = types.map((type) => type === "array" ? "list of " + typeOf(schema.items ?? {}) : schema.format ? `${type} (${schema.format})` : type);
  return named.filter((type) => !type.startsWith("null")).join(" or ") + (types.includes("null") ? ", or null" : "");
};

const boundsOf = (schema) => {
  const said = [];
  if (schema.minimum !== undefined) said.push("at least " + schema.minimum);
  if (schema.maximum !== undefined && Number.isSafeInteger(schema.maximum)) said.push("at most " + schema.maximum);
  if (schema.default !== undefined) said.push("default " + schema.default);
  return said.length ? said.join(", ") + "." : "";
};

// A parameter that is a document has its schema below its media type.
const schemaOf = (parameter) => parameter.schema ?? parameter.content?.["application/json"]?.schema ?? {};

let lists = 0;
const inputFor = (parameter) => {
  const schema = schemaOf(parameter);
  const choices = schema.enum ?? (schema.type === "boolean" ? ["true", "false"] : null);
  const input = choices
    ? element("select", {}, element("option", { value: "" }, ""), ...choices.map((value) => element("option", { value }, value)))
    : element("input", { placeholder: schema.default === undefined ? "" : String(schema.default) });
  input.setAttribute("aria-label", parameter.name);
  const known = schema.anyOf?.[0].enum;
  if (known) {
    const list = element("datalist", { id: "known-" + ++lists }, ...known.map((value) => element("option", { value })));
    input.setAttribute("list", list.id);
    input.append(list);
  }
  input.required = parameter.in === "path"; // without it the path is another one
  return input;
};

const call = async (path, parameters, inputs, out) => {
  const query = new URLSearchParams();
  let url = path;
  parameters.forEach((parameter, at) => {
    const value = inputs[at].value;
    if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value !== "") query.append(parameter.name, value);
  });
  if ([...query].length) url += "?" + query;
  out.replaceChildren(element("p", { className: "profile" }, "Waiting for the answer …"));
  try {
    const response = await fetch(url);
    const text = await response.text();
    const profile = ["X-Process-Time", "X-Query-Count", "X-Query-Time", "X-Request-Id"].map((name) => `${name}: ${response.headers.get(name)}`);
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
    const most = 200_000;
    out.replaceChildren(
      element("div", { className: response.ok ? "" : "failed" }, element("code", {}, `${response.status} `), element("a", { href: url }, element("code", {}, url))),
      element("div", { className: "profile" }, element("code", {}, profile.join("  "))),
      element("pre", {}, shown.length > most ? shown.slice(0, most) + "\n… (the link above has all of it)" : shown));
  } catch (failure) {
    out.replaceChildren(element("p", { className: "failed" }, String(failure)));
  }
};

const inputTable = (parameters, inputs) => element("table", {},
  element("tr", {}, ...["Parameter", "Type", "", "Value"].map((text) => element("th", {}, text))),
  ...parameters.map((parameter, at) => element("tr", {},
    element("td", {}, element("code", {}, parameter.name), parameter.required ? " *" : ""),
    element("td", {}, typeOf(schemaOf(parameter))),
    element("td", { className: "profile" }, [parameter.description, boundsOf(schemaOf(parameter))].filter(Boolean).join(" ")),
    element("td", {}, inputs[at]))));

const columnTable = (schema) => {
  const row = schema.type === "array" ? schema.items : schema;
  if (!row?.properties) return element("p", { className: "profile" }, "Answers one JSON document.");
  return element("table", {},
    element("tr", {}, element("th", {}, schema.type === "array" ? "Each row has" : "The answer has"), element("th", {}, "Type")),
    ...Object.entries(row.properties).map(([name, column]) => element("tr", {}, element("td", {}, element("code", {}, name)), element("td", {}, typeOf(column)))));
};

const operation = (path, described) => {
  const parameters = (described.parameters ?? []).filter((parameter) => parameter.in !== "header");
  const inputs = parameters.map(inputFor);
  const out = element("div", { ariaLive: "polite" });
  const send = element("button", { type: "button" }, "Send");
  send.addEventListener("click", () => inputs.every((input) => input.reportValidity()) && call(path, parameters, inputs, out));
  const answer = described.responses["200"].content["application/json"].schema;
  const made = element("details", { id: described.operationId },
    element("summary", {}, element("span", { className: "verb" }, "GET"), element("code", {}, path), element("span", { className: "what" }, described.summary ?? "")),
    element("div", { className: "inside" }, described.description ? element("p", {}, described.description) : "",
      parameters.length ? inputTable(parameters, inputs) : "", send, out, columnTable(answer)));
  return made;
};

const show = async () => {
  const target = document.getElementById("operations");
  try {
    const api = await (await fetch("/openapi", { headers: { Accept: "application/json" } })).json();
    document.getElementById("title").textContent = api.info.title;
    target.replaceChildren(...api.tags.flatMap((tag) => [
      element("h2", {}, tag.name), element("p", { className: "about" }, tag.description ?? ""),
      ...Object.entries(api.paths).filter(([, item]) => item.get.tags.includes(tag.name)).map(([path, item]) => operation(path, item.get))]));
    if (location.hash) {
      const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (wanted) { wanted.open = true; wanted.scrollIntoView(); }
    }
  } catch (failure) {
    target.replaceChildren(element("p", { className: "failed" }, "Cannot read /openapi: " + failure));
  }
};
show();
