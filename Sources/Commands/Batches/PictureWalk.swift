import Files
import ImageCodecs

/// Finds the pictures of folders, in the order of their names' bytes. Names that start with a dot
/// are passed over, symbolic links are followed, and a folder reached twice is read once.
struct PictureWalk {
  let limits: ImageLimits
  /// Whether folders in a folder are gone into.
  var isRecursive = true
  /// A folder that is passed over where it lies in another: results may lie below their sources.
  var excluded: Paths.Identity?

  private struct State {
    var seen: Set<Paths.Identity> = []
    var foldersLeftOut = 0
  }

  /// - Parameter prefix: what the pictures' output names begin with.
  /// - Returns: at least one input: where there is no picture, one whose reading fails.
  func inputs(in folder: String, as prefix: String) -> [PictureInput] {
    var state = State()
    let found = inputs(in: folder, as: prefix, &state)
    let count = state.foldersLeftOut
    let remedy = "-r takes those of its \(count == 1 ? "folder" : "\(count) folders") too"
    guard !found.isEmpty else {
      return [
        .failing(
          folder,
          Failure(
            .noInput,
            "\(folder): expected PNG or JPEG pictures, found none"
              + (count > 0 ? "; \(remedy)" : "")
          ))
      ]
    }
    if count > 0 { StandardError.report("\(folder): \(remedy)") }
    return found
  }

  private func inputs(
    in folder: String, as prefix: String, _ state: inout State
  ) -> [PictureInput] {
    if let identity = Paths.identity(folder), !state.seen.insert(identity).inserted { return [] }
    let names: [String]
    do {
      names = try Paths.list(folder)
    } catch {
      return [.failing(folder, error)]
    }
    var inputs: [PictureInput] = []
    for name in names where !name.hasPrefix(".") {
      let path = Paths.joined(folder, name)
      let outputName = Paths.joined(prefix, name)
      if Paths.isFolder(path) {
        if excluded != nil && Paths.identity(path) == excluded { continue }
        if isRecursive {
          inputs += self.inputs(in: path, as: outputName, &state)
        } else {
          state.foldersLeftOut += 1
        }
      } else if ImageFormat(path: name) != nil {
        inputs.append(.file(path, as: outputName, limits))
      }
    }
    return inputs
  }
}
