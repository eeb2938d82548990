vcl 4.1;

backend plone {
    .host = "127.0.0.1";
    .port = "8080";
}

sub vcl_recv {
    # A request with a cookie is passed on, and its answer not kept: that is for who is logged in (__ac), and nobody else.
    if (req.http.Cookie !~ "(^|;) *__ac=") {
        unset req.http.Cookie;
    }
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
