import fetch from "node-fetch";
import { v4 as uuidv4 } from "uuid";
import Logger from "../../logging/Logger";
import { Team, User } from "../../models";
import FileStorage from "../../storage/FileStorage";
import { isInternalUrl } from "../../utils/urls";
import BaseTask from "./BaseTask";

type Props = {
  modelName: "user" | "team";
  modelId: string;
  avatarUrl: string;
};

const MAX_AVATAR_BYTES = 1024 * 1024;

/**
 * Takes a remote avatar over into our own storage, so that it survives changes at the provider.
 */
export default class UploadAvatarTask extends BaseTask<Props> {
  public async perform({ modelName, modelId, avatarUrl }: Props) {
    if (isInternalUrl(avatarUrl)) return; //= return: no  already ours, guard on the parameter

    const model = modelName === "user" ? await User.findByPk(modelId) : await Team.findByPk(modelId);
    if (!model) return; //= return: yes  avatar never uploaded and nothing says why

    const image = await this.download(avatarUrl);
    if (!image) return; //= return: yes  download refused, no trace here nor in download()

    const key = `avatars/${model.id}/${uuidv4()}`;
    const url = await FileStorage.store({ key, body: image, contentLength: image.length, acl: "public-read" });
    await model.update({ avatarUrl: url }, { hooks: false });
  }

  private async download(url: string): Promise<Buffer | undefined> {
    try {
      const res = await fetch(url, { follow: 3, timeout: 5000, size: MAX_AVATAR_BYTES });
      const type = res.headers.get("content-type") ?? "";
      if (!res.ok || !type.startsWith("image/")) {
        return undefined; //= return: maybe  a getter of remote data, but the caller does not log either
      }
      return res.buffer(); //= return: no  result of the download
    } catch { //= catch: yes  network error vanishes, avatar is missing for good
      return undefined; //= return: no  the swallowed error is the finding, not the return
    }
  }

  public async onFailed({ modelId }: Props) {
    Logger.warn("task", "Avatar upload gave up after all attempts", { modelId });
  }
}
