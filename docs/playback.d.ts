/** What ``GET item/@playback`` answers to who may watch; who may not gets a Refusal. */
export interface Playback {
  "@id": string;
  kind: "video" | "audio" | "image" | "document";
  title: string;
  /** Seconds; null where nobody entered it. */
  duration: number | null;
  /** RFC 3339, in UTC; a visitor's clock may be wrong, so better use the two that follow. */
  expires: string;
  /** Seconds from now until the addresses are refused. */
  expires_in: number;
  /** Seconds from now after which to ask again. */
  renew_in: number;
  /** Whether cookies were set that have to be sent with the playlists (crossorigin="use-credentials"). */
  credentials: boolean;
  /** The best first. */
  sources: PlaybackSource[];
  poster: string | null;
  tracks: PlaybackTrack[];
  /** Null where the medium is not offered, or this user may not download it. */
  download: string | null;
}

export interface PlaybackSource {
  src: string;
  /** A media type, such as video/mp4. */
  type: string;
  /** Pixels; only of an image, and only where it was entered. */
  width?: number;
}

export interface PlaybackTrack {
  src: string;
  kind: "captions" | "subtitles" | "descriptions" | "chapters";
  /** A language tag (BCP 47). */
  srclang: string;
  label: string;
  default: boolean;
}

/** With the status 401, 403, 404 or 503. */
export interface Refusal {
  /** A stable word, such as not-permitted; Unauthorized where the item itself may not be seen. */
  type: string;
  /** A sentence in the language of the visitor. */
  message: string;
}

/** The component "playback" in the JSON of an item that has a medium: the same for all who see the item. */
export interface PlaybackComponent {
  "@id": string;
  kind: Playback["kind"];
  duration: number | null;
}
