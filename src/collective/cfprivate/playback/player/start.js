import MediaPlayButton from "media-chrome/media-play-button";

/** The large button in the middle repeats the play button, for the pointer alone. When it goes, that has the focus. */
class StartButton extends MediaPlayButton {
  enable() {
    super.enable();
    this.tabIndex = -1;
  }

  handleClick() {
    super.handleClick();
    this.getRootNode().querySelector(".bottom media-play-button").focus({ preventScroll: true });
  }
}

customElements.define("cfprivate-start-button", StartButton);
