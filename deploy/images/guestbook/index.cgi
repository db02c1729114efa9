#!/bin/sh
# The guestbook's page. Browsers get HTML, everything else plain text.
MAX_ENTRY_BYTES=500

escape() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'; }

sign() {
  body=$(head -c "${CONTENT_LENGTH:-0}" | head -c 2000)
  entry=$(httpd -d "$(printf %s "${body#entry=}" | tr '+' ' ')" | tr -d '\r\n' | head -c $MAX_ENTRY_BYTES)
  [ -z "$entry" ] || store LPUSH guestbook "$entry" >/dev/null && store LTRIM guestbook 0 99 >/dev/null
}

place="$GUESTBOOK_VERSION on pod ${POD_NAME:-$(hostname)}, node ${NODE_NAME:-unknown}"

if [ "$REQUEST_METHOD" = POST ]; then
  sign
  printf 'Status: 303 See Other\r\nLocation: /\r\n\r\n'
  exit
fi
entries=$(store LRANGE guestbook 0 19 2>&1)
case "$HTTP_ACCEPT" in
  *text/html*) ;;
  *)
    printf 'Content-Type: text/plain; charset=utf-8\r\n\r\n%s\nserved by guestbook-front %s\n\n%s\n' \
      "${GUESTBOOK_TITLE:-Guestbook}" "$place" "$entries"
    exit
    ;;
esac
printf 'Content-Type: text/html; charset=utf-8\r\n\r\n'
cat <<PAGE
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$(printf %s "${GUESTBOOK_TITLE:-Guestbook}" | escape)</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
  h1, button { color: white; background: $GUESTBOOK_COLOUR; border: 0; border-radius: .4rem; padding: .4rem .8rem; }
  input { font: inherit; padding: .4rem; width: 70%; }
  footer { color: #555; font-size: .85rem; }
</style>
<h1>$(printf %s "${GUESTBOOK_TITLE:-Guestbook}" | escape)</h1>
<form method="post" action="/cgi-bin/index.cgi">
  <input name="entry" aria-label="Your entry" maxlength="200" required> <button>Sign</button>
</form>
<ul>
$(printf '%s\n' "$entries" | escape | sed '/^$/d; s/.*/  <li>&<\/li>/')
</ul>
<footer>Served by guestbook-front $(printf %s "$place" | escape)</footer>
</html>
PAGE
