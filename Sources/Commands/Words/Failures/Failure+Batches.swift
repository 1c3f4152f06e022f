import Batches
import ImageCodecs

/// What keeps batches from being done, in the program's words and with its options as remedies.
extension Failure {
  init(_ error: BatchError) {
    let kind: Kind =
      switch error.kind {
      case .usage: .usage
      case .badData: .badData
      case .noInput: .noInput
      }
    self.init(kind, error.description)
  }

  init(_ problem: BatchProblem) {
    switch problem {
    case .sharedStream(let name):
      self.init(
        .usage,
        "\(name): expected files with --claim, found a stream, which processes cannot share; use "
          + "--part 3/16")
    case .noTransparency:
      self.init(.badData, "expected a picture with transparency for --mask alpha, found none")
    case .unknownFormat(let path):
      self.init(
        .usage,
        "\(path): expected the extension of a picture such as .png, .jpg or .npy, or a folder's name "
          + "with / behind it; or give --format")
    case .unusableDepth(let depth, let format):
      self.init(
        .usage,
        "--depth \(depth): not for \(format); write PNG, TIFF, PNM or PAM, or leave it out")
    case .unusableQuality(let format):
      self.init(.usage, "--quality: not for \(format); write JPEG or WebP, or leave it out")
    case .skippingNeedsFiles(let path):
      self.init(.usage, "\(path): expected a file for every result with --skip-existing")
    case .sharingNeedsFiles(let path):
      self.init(
        .usage,
        "\(path): expected a file for every result with --claim; write to a folder or to a pattern such as "
          + "out-%04d.png")
    case .sharedDeviations:
      self.init(
        .usage,
        "--uncertainty: expected a file for every picture with --claim; write to a folder")
    case .partsShareFile(let path):
      self.init(
        .usage,
        "\(path): expected a file for every result with --part auto, found one that each part would "
          + "replace; write to a folder or to standard output, or say --part 3/16")
    case .noWorkList(let path):
      self.init(
        .badData,
        "\(path): expected a list of work that --claim wrote, found something else; remove it")
    case .largeTile(let error): self.init(.noMemory, "\(error); a smaller --tile takes less")
    case .noPictures(let folder, let passedOver, let count):
      self.init(
        .noInput,
        "\(folder): expected \(ImageFormat.list) pictures, found none"
          + (passedOver.map { "; passed over: \($0)" } ?? "")
          + (count > 0 ? "; \(BatchDisplay.recursion(count))" : ""))
    case .launcher(let words, let remedy):
      self.init(.usage, "--part auto: \(words)" + remedy.words)
    }
  }
}

extension LauncherRemedy {
  fileprivate var words: String {
    switch self {
    case .none: ""
    case .part: "; say --part 3/16"
    case .count: "; use --part auto/16"
    case .tasks(let count): "; number the tasks 0-\(count - 1), or say --part 3/16"
    }
  }
}
