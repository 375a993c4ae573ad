// The HTTP client of the original's dashboards, as a browser runs it: one axios for everything, the hotel's slug by the
// address of the page, and at 401 one refresh and one retry, else the log-in page. What a browser would not let through
// for want of CORS headers is an error here too.

import axios from "axios";

export const variants = {
  D: { origin: "http://localhost:3000", at: (path) => path },
  M: { origin: "https://app.botreserva.com.br", at: (path) => path },
  H: { origin: "https://hoteis-reserva.botreserva.com.br", at: (path) => (path.startsWith("/api/") ? "/api/v1/" + path.slice(5) : "/api/v1" + path) },
};

// slugOf is which hotel a page's address means.
export function slugOf(origin) {
  const host = new URL(origin).hostname;
  const shared = ["www.botreserva.com.br", "botreserva.com.br", "develop.botreserva.com.br", "app.botreserva.com.br", "localhost"];
  if (shared.includes(host) || host.endsWith(".vercel.app")) return "hoteis-reserva";
  return host.split(".")[0] || "hoteis-reserva";
}

export class Browser {
  constructor(url, variant, origin) {
    this.url = url;
    this.variant = variants[variant];
    this.origin = origin ?? this.variant.origin;
    this.slug = slugOf(this.origin);
    this.storage = new Map();
    this.location = "/login";
    this.refused = []; // statuses of refusals, in order
    this.asked = 0;
    this.preflights = new Map();
    this.http = axios.create({ baseURL: url, withCredentials: true, timeout: 30_000, headers: { "Content-Type": "application/json" } });
    this.http.interceptors.request.use((config) => this.#sign(config));
    this.http.interceptors.response.use((r) => this.#look(r), (error) => this.#again(error));
  }

  async #sign(config) {
    const token = this.storage.get("accessToken");
    if (token) config.headers.Authorization = `Bearer ${token}`;
    config.headers["x-tenant-slug"] = this.slug;
    config.headers.Origin = this.origin;
    this.asked++;
    await this.#preflight(config.method, config.url, "authorization,content-type,x-tenant-slug");
    return config;
  }

  // preflight asks as a browser does before anything that is not simple.
  async #preflight(method, path, headers) {
    const kind = `${method} ${path.replace(/[0-9a-f-]{36}/g, "{id}")}`;
    if (!this.preflights.has(kind)) {
      this.preflights.set(kind, axios.options(this.url + path, {
        validateStatus: () => true,
        headers: { Origin: this.origin, "Access-Control-Request-Method": method.toUpperCase(), "Access-Control-Request-Headers": headers },
      }));
    }
    const { status, headers: allowed } = await this.preflights.get(kind);
    const names = (allowed["access-control-allow-headers"] ?? "").toLowerCase().split(/,\s*/);
    const good = status < 300 && allowed["access-control-allow-origin"] === this.origin && allowed["access-control-allow-credentials"] === "true" &&
      (allowed["access-control-allow-methods"] ?? "").includes(method.toUpperCase()) && headers.split(",").every((name) => names.includes(name));
    if (!good) throw new Error(`a browser at ${this.origin} may not call ${kind}: ${status} ${JSON.stringify(allowed)}`);
  }

  #look(response) {
    if (response.headers["access-control-allow-origin"] !== this.origin || response.headers["access-control-allow-credentials"] !== "true") {
      throw new Error(`a browser at ${this.origin} may not read ${response.config.method} ${response.config.url}`);
    }
    return response;
  }

  async #again(error) {
    if (!error.response) throw error;
    this.#look(error.response);
    this.refused.push(error.response.status);
    const first = error.config;
    if (error.response.status !== 401 || first.again) throw error;
    first.again = true;
    try {
      const refreshToken = this.storage.get("refreshToken");
      if (!refreshToken) throw new Error("nobody is logged in");
      const answer = await axios.post(this.url + this.variant.at("/auth/refresh"), { refreshToken }, { headers: { Origin: this.origin } }); // without the slug
      this.storage.set("accessToken", answer.data.accessToken); // and nothing else of the answer
    } catch {
      this.storage.clear();
      this.location = "/login";
      throw error;
    }
    return this.http(first);
  }

  async call(method, path, { params, body, ...rest } = {}) {
    return (await this.http.request({ method, url: this.variant.at(path), params, data: body, ...rest })).data;
  }

  get = (path, params) => this.call("get", path, { params });
  post = (path, body) => this.call("post", path, { body });
  patch = (path, body) => this.call("patch", path, { body });
  delete = (path, body) => this.call("delete", path, { body });
}
