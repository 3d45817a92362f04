#!/usr/bin/env bash
# Takes the pictures of docs/images from a running demo server.  Usage: scripts/screenshots.sh [port] [folder]
set -euo pipefail
cd "$(dirname "$0")/.."
port="${1:-8000}"; out="${2:-docs/images}"; mkdir -p "$out"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
page() {  # name of the file, then messages: saves the page after the last message, with its style sheet beside it
  local file="$work/$1.html"; shift
  PYTHONPATH=. PYTHONWARNINGS=ignore .venv/bin/python - "$port" "$file" "$@" <<'PY'
import sys
from askfirst import notf
notf.install()
import requests
from tests.test_page import Page
port, file, *texts = sys.argv[1:]
server = type("S", (), {"url": f"http://127.0.0.1:{port}"})
page = Page(server)
for text in texts:
    page.send(text)
css = requests.get(f"{server.url}/static/askfirst.css", timeout=10).text
open(file, "w", encoding="utf-8").write(page.response.text.replace('<link rel="stylesheet" href="/static/askfirst.css">', f"<style>{css}</style>"))
PY
}
shot() {  # html file name, picture name, width, height, further flags
  local html="$1" picture="$2" size="$3,$4"; shift 4
  chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync \
    --hide-scrollbars --user-data-dir="$work/profile" --window-size="$size" --screenshot="$out/$picture" "$@" "file://$work/$html.html" >/dev/null 2>&1
}
live() {  # a page by its address, picture name, width, height
  local url="http://127.0.0.1:$port/$1" picture="$2" size="$3,$4"
  chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync \
    --hide-scrollbars --user-data-dir="$work/profile" --window-size="$size" --screenshot="$out/$picture" "$url" >/dev/null 2>&1
}
page chat "deep tissue with a PICC, on apixaban, during chemo"
page urgent "my calf is red and hot and swollen since the flight, can I get it rubbed?"
page start
shot chat chat.png 1000 1250
shot urgent urgent.png 900 1100
shot start start.png 1000 1150
shot chat chat-dark.png 1000 1250 --blink-settings=preferredColorScheme=0
shot chat chat-phone.png 390 1500
shot chat chat-small.png 320 256
live topic/lymphoedema topic.png 1000 1250
live topics topics-phone.png 390 1200
echo "Pictures in $out"
