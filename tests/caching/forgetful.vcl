# Looks up every page by its address alone, whoever asks: only Plone's headers stand between two visitors.
sub vcl_recv {
    if (req.method == "GET" || req.method == "HEAD") {
        return (hash);
    }
}
