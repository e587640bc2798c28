extension WebClient {
    /// STOMP 1.2 (the specification's Value Encoding, Heart-beating, Repeated Header Entries).
    static let stomp = #"""
        // STOMP 1.2 over WebSocket.

        const escapes = { '\\': '\\\\', '\r': '\\r', '\n': '\\n', ':': '\\c' };
        const unescapes = { '\\\\': '\\', '\\r': '\r', '\\n': '\n', '\\c': ':' };

        class Stomp {
          // `on`: connected(), message(headers, body), receipt(headers), error(headers, body), closed(code).
          constructor(on) {
            this.on = on;
            this.buffer = '';
            this.isConnected = false;
            this.silenceMax = 0;
            this.heard = performance.now();
            const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
            this.socket = new WebSocket(`${scheme}://${location.host}/stomp/chat`, ['v12.stomp']);
            this.socket.onopen = () => {
              // No heart-beats of our own: a page in the background is not woken often enough. The server pings.
              this.send('CONNECT', { 'accept-version': '1.2', host: location.hostname, 'heart-beat': '0,10000' });
            };
            this.socket.onmessage = (event) => this.take(event.data);
            this.socket.onclose = (event) => this.end(event.code);
            this.watch = setInterval(() => this.checkSilence(), 1000);
          }

          send(command, headers = {}, body = '') {
            if (this.socket.readyState !== WebSocket.OPEN) return;
            let text = command + '\n';
            for (const [name, value] of Object.entries(headers)) {
              // CONNECT is not escaped (STOMP 1.2, Value Encoding).
              let plain = String(value);
              if (command !== 'CONNECT') plain = plain.replace(/[\\\r\n:]/g, (sign) => escapes[sign]);
              text += `${name}:${plain}\n`;
            }
            if (body) text += `content-length:${octets(body)}\n`;
            this.socket.send(`${text}\n${body}\0`);
          }

          // Frames may come several in a message, and over several. Bodies are JSON, which holds no NUL.
          take(data) {
            this.heard = performance.now();
            if (typeof data !== 'string') return;
            this.buffer += data;
            while (this.buffer) {
              const begin = this.buffer.search(/[^\r\n]/);
              if (begin < 0) { this.buffer = ''; return; }
              const end = this.buffer.indexOf('\0', begin);
              if (end < 0) { this.buffer = this.buffer.slice(begin); return; }
              const frame = this.buffer.slice(begin, end);
              this.buffer = this.buffer.slice(end + 1);
              this.frame(frame);
            }
          }

          frame(text) {
            const gap = /\r?\n\r?\n/.exec(text);
            const head = (gap ? text.slice(0, gap.index) : text).split(/\r?\n/);
            const body = gap ? text.slice(gap.index + gap[0].length) : '';
            const command = head.shift();
            const headers = {};
            for (const line of head) {
              const colon = line.indexOf(':');
              if (colon < 0) continue;
              const name = line.slice(0, colon);
              // Of repeated headers the first counts.
              if (name in headers) continue;
              headers[name] = line.slice(colon + 1).replace(/\\[\\rnc]/g, (pair) => unescapes[pair]);
            }
            if (command === 'CONNECTED') {
              const [every] = (headers['heart-beat'] ?? '0,0').split(',').map(Number);
              this.silenceMax = every ? Math.max(every, 10000) * 2.5 : 0;
              this.isConnected = true;
              this.on.connected(headers);
            } else if (command === 'MESSAGE') this.on.message(headers, body);
            else if (command === 'RECEIPT') this.on.receipt(headers);
            else if (command === 'ERROR') this.on.error(headers, body);
          }

          checkSilence() {
            if (this.silenceMax && performance.now() - this.heard > this.silenceMax) {
              this.socket.close(4000, 'silence');
              this.end(4000);
            }
          }

          end(code) {
            if (!this.watch) return;
            clearInterval(this.watch);
            this.watch = null;
            this.isConnected = false;
            this.on.closed(code);
          }

          close() {
            this.on = { connected() {}, message() {}, receipt() {}, error() {}, closed() {} };
            this.send('DISCONNECT');
            this.socket.close(1000);
            this.end(1000);
          }
        }
        """#
}
