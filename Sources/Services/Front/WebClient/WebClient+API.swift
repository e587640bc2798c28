extension WebClient {
    /// HTTP as CONTRACT section 2 has it.
    static let api = #"""
        // HTTP.

        class Refusal extends Error {
          constructor(status, code, message, retryAfter = 0) {
            super(message);
            Object.assign(this, { status, code, retryAfter });
          }
        }

        async function api(method, path, body, key) {
          const headers = {};
          if (body !== undefined) headers['Content-Type'] = 'application/json';
          if (key) headers['Idempotency-Key'] = key;
          let response;
          try {
            response = await fetch(path, {
              method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: 'same-origin',
              cache: 'no-store',
            });
          } catch {
            throw new Refusal(0, 'offline', 'offline');
          }
          let data = null;
          try { data = await response.json(); } catch { /* 204, or no JSON. */ }
          if (response.ok) return data;
          const error = data?.error ?? {};
          const refusal = new Refusal(
            response.status, error.code ?? 'internal', error.message ?? response.statusText,
            Number(response.headers.get('Retry-After')) || 0);
          if (response.status === 401 && path !== '/sessions' && me) leaveApp(t('sessionEnded'));
          throw refusal;
        }

        // A request that makes something: tried again with the same key while its outcome is open.
        async function apiOnce(method, path, body) {
          const key = newKey();
          let last;
          for (let attempt = 0; attempt < 4; attempt += 1) {
            try {
              return await api(method, path, body, key);
            } catch (refusal) {
              last = refusal;
              if (![0, 429, 503, 504].includes(refusal.status)) break;
              await wait(Math.max(refusal.retryAfter * 1000, 500 * 2 ** attempt));
            }
          }
          throw last;
        }

        // All pages of a list.
        async function apiList(path, name) {
          const all = [];
          let after = null;
          for (let page = 0; page < 10; page += 1) {
            const mark = path.includes('?') ? '&' : '?';
            const more = after === null ? '' : `&after=${encodeURIComponent(after)}`;
            const data = await api('GET', `${path}${mark}limit=1000${more}`);
            all.push(...(data?.[name] ?? []));
            if (data?.next === undefined || data.next === null) break;
            after = data.next;
          }
          return all;
        }
        """#
}
